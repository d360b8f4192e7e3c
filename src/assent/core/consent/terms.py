"""What a person signs: the terms, and every field without which nothing can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assent.core.consent.cover import latest_end
from assent.core.terms import WorkType


class Verb(StrEnum):
    """One use of a likeness; each is answered by itself."""

    TRAIN = "train"
    GENERATE = "generate"
    DISPLAY = "display"
    DOWNLOAD = "download"
    RESELL = "resell"
    MERGE = "merge"


class Signer(StrEnum):
    """In which capacity somebody answers for a likeness."""

    PERSON = "person"
    AGENT = "agent"
    ESTATE = "estate"

    @property
    def represents(self) -> bool:
        """Whether they sign for somebody else, and so must say by what right."""
        return self is not Signer.PERSON


class Advice(StrEnum):
    """Who stood by the person when they signed."""

    NOBODY = "nobody"
    COUNSEL = "counsel"
    UNION = "union"


PURPOSE_MIN, TEXT_MAX = 20, 1000


@dataclass(frozen=True, slots=True)
class SignedTerms:
    """What the person allows, in their own words and answers.

    `answers` holds yes or no for every use; one that was not answered is missing. `authority` says
    by what right a representative signs. `names` are the names the likeness goes by, as the person
    wrote them: they reach the record, and only digests of them reach the database.
    """

    names: tuple[str, ...]
    signer: Signer
    authority: str
    purpose: str
    material: str
    answers: Mapping[str, bool]
    work_types: frozenset[WorkType]
    territory: str
    starts_on: date | None
    ends_on: date | None
    pay: str
    advice: Advice | None
    adult: bool
    never_sexual: bool
    cannot_untrain: bool
    signature: str

    @property
    def uses(self) -> frozenset[str]:
        """The uses that were answered with yes."""
        return frozenset(use for use, said in self.answers.items() if said)


def problems(terms: SignedTerms, today: date) -> dict[str, str]:
    """Return a sentence for each field that keeps this from being signed; empty means none.

    The fields are those of California Labor Code 927 and Civil Code 1708.86 (plain-language terms,
    a reasonably specific description of the intended uses, a general description of the material)
    and of the card networks' rules on provable consent (depiction, distribution and download each
    by itself), with what this marketplace adds: an end, and no sexual use.
    """
    checks = (*_words(terms), *_answers(terms), *_dates(terms, today), *_promises(terms))
    return {field: sentence for field, is_good, sentence in checks if not is_good}


Check = tuple[str, bool, str]


def _words(terms: SignedTerms) -> Iterator[Check]:
    filled = all(len(text) <= TEXT_MAX for text in (terms.purpose, terms.material, terms.pay))
    yield "names", any(n.strip() for n in terms.names), "Write the name that people know you by."
    yield (
        "purpose",
        filled and len(terms.purpose.strip()) >= PURPOSE_MIN,
        ("Say what it may be used for, so that somebody else can tell what is not covered."),
    )
    yield (
        "material",
        bool(terms.material.strip()),
        ("Say what is made and from what: for example “a LoRA from 30 portraits that I send”."),
    )
    yield "territory", bool(terms.territory.strip()), "Say where it may be used, or “worldwide”."
    yield "pay", bool(terms.pay.strip()), "Say what you are paid, or “nothing”."
    yield "signature", bool(terms.signature.strip()), "Sign with your name."
    yield (
        "authority",
        not terms.signer.represents or bool(terms.authority.strip()),
        ("Say by what right you sign for this person."),
    )


def _answers(terms: SignedTerms) -> Iterator[Check]:
    for verb in Verb:
        yield verb.value, verb.value in terms.answers, f"Answer yes or no: may they {verb}?"
    yield "work_types", bool(terms.work_types), "Choose at least one kind of work."
    yield "advice", terms.advice is not None, "Say whether a lawyer or union advised you."


def _dates(terms: SignedTerms, today: date) -> Iterator[Check]:
    start, end = terms.starts_on, terms.ends_on
    yield "starts_on", start is not None and start >= today, "Choose a first day from today on."
    ordered = end is not None and (start is None or start < end <= latest_end(start))
    yield "ends_on", ordered, "Choose a last day after the first, at most ten years later."


def _promises(terms: SignedTerms) -> Iterator[Check]:
    yield (
        "adult",
        terms.adult,
        ("Nobody under 18 can consent here, and no picture from before they were 18 can be used."),
    )
    yield "never_sexual", terms.never_sexual, "Please read this line and tick it."
    yield "cannot_untrain", terms.cannot_untrain, "Please read this line and tick it."
