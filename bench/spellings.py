"""The 34 spellings of a name: who is caught as that person, and what it costs everybody else.

The same neutral sentence is written about public figures, about fictional characters, about made-up
people and about things, in each spelling. Caught means that the subject is a public figure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

from tests.core.screening.spelling_cases import SPELLINGS, Written

from assent.core.screening.gazetteer import Entry, EntryKind, starter_entries
from assent.core.screening.name_keys import name_words
from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import Outcome, SubjectKind

AT = date(2026, 6, 1)
MANY = 60
ENOUGH = 0.9
THINGS = [f"{kind} {thing}" for kind in ("Copper", "Velvet", "Granite", "Wicker", "Cedar", "Amber")
          for thing in ("Kettle", "Curtain", "Doorway", "Basket", "Lantern", "Teapot", "Bookcase",
                        "Staircase", "Wardrobe", "Fountain")]  # fmt: skip
_GIVEN = ("Vera", "Ngozi", "Sunniva", "Teo", "Rosalind", "Eduviges", "Piotr", "Thalissa", "Orsolya",
          "Kwabena", "Marit", "Donato", "Wanjiru", "Lieselot", "Tomasz")  # fmt: skip
_LAST = ("Lindqvist", "Brandvold", "Achterkamp", "Zawislak", "Bragantelli", "Asantewaa", "Vantorre",
         "Pellicano", "Holmgaard")  # fmt: skip
MADE_UP = [f"{given} {_LAST[(7 * i + j) % len(_LAST)]}"
           for i, given in enumerate(_GIVEN) for j in range(4)]  # fmt: skip
HEAD = (
    f"{'':22}{'public figures':>17}{'characters':>22}{'made-up people':>22}{'things':>22}\n"
    f"{'spelling':22}{'caught stopped':>17}" + f"{'caught refused held':>22}" * 3
)


def run() -> str:
    """Return the table."""
    people, characters = chosen(EntryKind.PERSON), chosen(EntryKind.DRAWN)
    groups = [characters, MADE_UP[:MANY], THINGS[:MANY]]
    lines = [f"of {MANY} names each; drawn by a hash, so always the same", HEAD]
    enough = 0
    for spelling, write in SPELLINGS.items():
        found = [verdict(write(name)) for name in people]
        enough += caught(found) >= ENOUGH * len(people)
        cells = [f"{spelling:22}{caught(found):9}{stopped(found):8}"]
        cells += [price([verdict(write(name)) for name in names]) for names in groups]
        lines.append("".join(cells))
    lines.append(f"{enough} of {len(SPELLINGS)} spellings caught for {ENOUGH:.0%} of the names")
    return "\n".join(lines)


def chosen(kind: EntryKind) -> list[str]:
    """Return names of two plain words, drawn by a hash of the name."""
    names = [entry.name for entry in starter_entries() if entry.kind is kind and _plain(entry)]
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:MANY]


def _plain(entry: Entry) -> bool:
    living = entry.subject_kind(AT) is not SubjectKind.HISTORICAL
    letters = entry.name.replace(" ", "")
    two = len(name_words(entry.name)) == 2 and letters.isascii() and letters.isalpha()
    return two and living and not entry.is_everyday


def verdict(written: Written) -> Verdict:
    """Return what is said about a text in the default policy."""
    title, description, tags = written
    given = Submission("x", "bounty", "LoraCreation", title, description, tuple(tags), "en")
    return screen(given, default_policy(), at=AT)


def caught(found: Sequence[Verdict]) -> int:
    """How many are taken for a public figure."""
    return _count(found, lambda one: one.likeness.subject_kind is SubjectKind.PUBLIC_FIGURE)


def stopped(found: Sequence[Verdict]) -> int:
    """How many are not published at once."""
    return _count(found, lambda one: one.outcome is not Outcome.ALLOW)


def price(found: Sequence[Verdict]) -> str:
    """How many are wrongly taken for a public figure, refused, and held."""
    refused = _count(found, lambda one: one.outcome is Outcome.REFUSE)
    held = _count(found, lambda one: one.outcome is Outcome.REVIEW)
    return f"{caught(found):8}{refused:8}{held:6}"


def _count(found: Sequence[Verdict], is_one: Callable[[Verdict], bool]) -> int:
    return sum(map(is_one, found))
