"""Claims that the person agreed. A claim is noted; only the registry decides."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example, phrase_signals
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal

SIGNALS = ("consent_claim",)


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each claim of consent."""
    yield from phrase_signals(page, "consent_claim", 0.0, "consent")


def examples() -> tuple[Example, ...]:
    """Claims of consent, and public posting, which is none."""
    return (
        Example(True, "both agreed in the group chat"),
        Example(True, "ella misma me lo pidió"),
        Example(True, "sie ist einverstanden"),
        Example(False, "she posts everything publicly so it should be fine"),
        Example(False, "she never agreed to this"),
    )
