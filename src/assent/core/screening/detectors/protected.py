"""Names and handles that their bearers asked to have protected."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.matching import find_names
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("protected_name",)


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each protected name; nothing where no list was given."""
    if page.protected is None:
        return
    for passage in page.passages:
        for match in find_names(page.protected, passage.reading):
            yield passage.signal(
                "protected_name",
                0.95,
                match.start,
                match.end,
                subject=match.entry.name,
                subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
                original=True,
            )


def examples() -> tuple[Example, ...]:
    """Without a list there is nothing to find; the list itself is tested beside its loader."""
    return (Example(False, "Vera Lindqvist-Oyelaran at a desk"),)
