"""Protected names are found in every spelling although only keyed digests are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from assent.core.screening.keyed_names import KeyedNames, NameKey
from assent.core.screening.policies import default_policy
from assent.core.screening.protected import KeyedRegistry
from assent.core.screening.reading import read
from assent.core.screening.screen import screen
from assent.core.screening.sheet import Sheet
from assent.core.screening.submission import Submission
from assent.core.terms import Outcome
from tests.core.screening.spelling_cases import SPELLINGS

KEY = NameKey(b"a key for tests only")
NAMES = ("Vera Lindqvist", "Ngozi Brandvold", "@quiet.baker.vlog")
# A starred-out name has no digest, a surname alone would stop everyone who shares it.
NOT_FOUND = {"surname with context", "censored"}


class Kept:
    """A registry in memory that counts how often it is asked."""

    def __init__(self, key: NameKey, names: Sequence[str], *, decided: bool = True) -> None:
        self.spellings = [one for name in names for one in key.kept(name)]
        self.decided = dict.fromkeys((one.digest for one in self.spellings), decided)
        self.asked: list[str] = []
        names_found = KeyedNames(key, self.confirm).with_marks(one.mark for one in self.spellings)
        self.registry = KeyedRegistry((names_found,))

    def confirm(self, digests: Sequence[str]) -> dict[str, bool]:
        self.asked.extend(digests)
        return {digest: self.decided[digest] for digest in digests if digest in self.decided}


def found(kept: Kept, text: str) -> list[str]:
    (sightings,) = kept.registry.find([read(text)])
    return [text[one.start : one.end] for one in sightings]


@pytest.mark.parametrize("spelling", sorted(set(SPELLINGS) - NOT_FOUND))
def test_every_spelling_is_found(spelling: str) -> None:
    kept = Kept(KEY, NAMES)
    for name in NAMES[:2]:
        title, description, tags = SPELLINGS[spelling](name)
        given = Submission("x", "bounty", "LoraCreation", title, description, tuple(tags))
        verdict = screen(given, default_policy(), at=date(2026, 6, 1), protected=kept.registry)
        assert {s.name for s in verdict.signals} & {"protected_name", "split_name"}, description


def test_nothing_stored_tells_the_name() -> None:
    for name in NAMES:
        stored = repr(KEY.kept(name)) + repr(KEY) + repr(Kept(KEY, NAMES).registry)
        assert not any(
            part in stored.casefold() for part in ("vera", "lindqvist", "quiet", "key for")
        )


def test_another_key_finds_nothing_and_marks_differ() -> None:
    other = NameKey(b"another key")
    assert not {one.mark for one in KEY.kept(NAMES[0])} & {o.mark for o in other.kept(NAMES[0])}
    kept = Kept(KEY, NAMES)
    strange = KeyedNames(other, kept.confirm).with_marks(one.mark for one in kept.spellings)
    assert strange.find(Sheet(["vera lindqvist"])) == [[]]


def test_a_harmless_text_asks_the_registry_nothing() -> None:
    kept = Kept(KEY, NAMES)
    assert found(kept, "A stone bridge in fog, wide shot, muted colours, no people at all.") == []
    assert kept.asked == []


def test_what_was_forgotten_is_not_found_although_its_marks_are_still_known() -> None:
    kept = Kept(KEY, NAMES)
    assert found(kept, "ask vera lindqvist") == ["vera lindqvist"]
    kept.decided.clear()
    assert found(kept, "ask vera lindqvist") == []


def test_an_undecided_name_holds_and_a_decided_one_refuses() -> None:
    given = Submission("x", "bounty", None, "", "a bench by Quiet Baker Vlog")
    outcomes = [
        screen(
            given,
            default_policy(),
            at=date(2026, 6, 1),
            protected=Kept(KEY, NAMES, decided=decided).registry,
        ).outcome
        for decided in (False, True)
    ]
    assert outcomes == [Outcome.REVIEW, Outcome.REFUSE]


def test_marks_can_be_added_one_change_after_another() -> None:
    names = KeyedNames(KEY, lambda digests: dict.fromkeys(digests, True))
    for name in ("Anna Testperson", "Berta Testperson", "Carla Testperson"):
        names = names.with_marks(one.mark for one in KEY.kept(name))
    people = ["anna testperson", "berta testperson", "carla testperson"]
    assert [len(sightings) for sightings in names.find(Sheet(people))] == [1, 1, 1]
