"""Words that ask for a particular face, and for the material to copy it from."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example, phrase_signals
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal

SIGNALS = ("likeness_request", "source_photos", "social_source", "profession", "pronoun")


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each such phrase."""
    yield from phrase_signals(page, "likeness_request", 0.45, "likeness")
    yield from phrase_signals(page, "source_photos", 0.2, "photos")
    yield from phrase_signals(page, "social_source", 0.36, "social")
    yield from phrase_signals(page, "profession", 0.4, "profession")
    yield from phrase_signals(page, "pronoun", 0.12, "pronoun")


def examples() -> tuple[Example, ...]:
    """Requests for a likeness, and their honest denials."""
    return (
        Example(True, "must look exactly like her", signal="likeness_request"),
        Example(True, "face swap please", signal="likeness_request"),
        Example(True, "40 photos in the drive", signal="source_photos"),
        Example(True, "take it from her instagram", signal="social_source"),
        Example(True, "a singer on stage", signal="profession"),
        Example(False, "a red bicycle by the canal"),
        Example(False, "does not contain faces", signal="likeness_request"),
    )
