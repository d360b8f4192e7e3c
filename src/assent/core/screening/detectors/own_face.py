"""The requester's own likeness."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("own_likeness",)


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each claim that the requester is the person depicted."""
    pet = page.count("animal") > 1 and not page.has("likeness", "person")
    weight = 0.1 if pet else 0.6  # "my own photos" of a cat show the cat
    for passage, hit in page.hits("self"):
        yield passage.signal(
            "own_likeness", weight, hit.start, hit.end, subject_kind=SubjectKind.SELF
        )


def examples() -> tuple[Example, ...]:
    """The requester's own face, and what merely belongs to them."""
    return (
        Example(True, "train it on my own face"),
        Example(True, "fotos mías en la playa"),
        Example(True, "Bilder von mir im Büro"),
        Example(False, "my own drawing of a bridge"),
    )
