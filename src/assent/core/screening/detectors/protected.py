"""Names and handles that their bearers asked to have protected."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("protected_name", "claimed_name")


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each protected name; nothing where no registry was given.

    A name whose case nobody has decided yet is held for a person to look at; it does not refuse.
    """
    for passage in page.passages:
        for one in passage.sightings:
            yield passage.signal(
                "protected_name" if one.decided else "claimed_name",
                0.95 if one.decided else 0.6,
                one.start,
                one.end,
                subject=passage.original[one.start : one.end],
                subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
                original=True,
            )


def examples() -> tuple[Example, ...]:
    """Without a list there is nothing to find; the list itself is tested beside its loader."""
    return (Example(False, "Vera Lindqvist-Oyelaran at a desk"),)
