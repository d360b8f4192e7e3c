"""People who are described, hinted at or kept back instead of named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assent.core.screening.detectors.base import Example, phrase_signals
from assent.core.screening.page import Page
from assent.core.screening.spellings import starred
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("described_person", "undisclosed_subject", "stand_in", "censored_word")

_STARS = re.compile(r"[*•█✱]{2,}")
_CENSORED = re.compile(r"(?<![\w*])[^\W\d_]{1,12}[*•█✱]{2,12}[^\W\d_]{0,12}(?!\w)")


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each description, secret or stand-in."""
    for passage, hit in page.hits("described"):
        yield passage.signal(
            "described_person",
            0.4,
            hit.start,
            hit.end,
            subject_kind=SubjectKind.PUBLIC_FIGURE,
        )
    yield from phrase_signals(page, "undisclosed_subject", 0.42, "hidden")
    yield from phrase_signals(page, "stand_in", 0.4, "stand_in")
    for passage in page.passages:
        for found in starred(passage.reading.text, _STARS, _CENSORED):
            yield passage.signal("censored_word", 0.4, found.start(), found.end())


def examples() -> tuple[Example, ...]:
    """Riddles about a person, and plain things."""
    return (
        Example(True, "you know who, the guy with the cars", signal="described_person"),
        Example(True, "I will tell you who once you accept", signal="undisclosed_subject"),
        Example(True, "a tribute act on a pier", signal="stand_in"),
        Example(True, "T***** on a boat", signal="censored_word"),
        Example(False, "a boat at dawn, five **bold** strokes"),
    )
