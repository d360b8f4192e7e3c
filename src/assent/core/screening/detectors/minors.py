"""People under eighteen: ages and school words beside a real or realistic person."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page, Passage
from assent.core.screening.phrases import Hit
from assent.core.screening.verdict import Signal

SIGNALS = ("minor", "minor_word")

ADULT = 18
_REAL = ("relation", "likeness", "photos", "realistic", "profession", "self", "social")


def detect(page: Page) -> Iterator[Signal]:
    """Yield `minor` beside a realistic person, `minor_word` where the child is only drawn."""
    real = _is_real(page)
    for passage, hit in page.hits("minor"):
        age = _age(passage, hit)
        if age is None or 0 < age < ADULT:
            name, weight = ("minor", 0.5) if real else ("minor_word", 0.0)
            yield passage.signal(name, weight, hit.start, hit.end)


def _is_real(page: Page) -> bool:
    if page.has("relation", "likeness", "social", "self"):
        return True
    if any(m.entry.is_person for p in page.passages for m in p.matches):
        return not page.has("drawn")
    return page.has(*_REAL) and not page.has("drawn", "animal", "synthetic")


def _age(passage: Passage, hit: Hit) -> int | None:
    """Return the number in a phrase about age, None where it names no number."""
    digits = "".join(char for char in passage.reading.text[hit.start : hit.end] if char.isdecimal())
    return int(digits[:4]) if digits else None


def examples() -> tuple[Example, ...]:
    """Children who are real, drawn, or only candles on a cake."""
    return (
        Example(True, "my son's classmate, third grade, photo attached", signal="minor"),
        Example(True, "realistic, she is 15 years old", signal="minor"),
        Example(True, "a storybook child with a kite, watercolour", signal="minor_word"),
        Example(False, "a birthday cake with 8 candles"),
        Example(False, "my grandmother is 81 years old"),
        Example(False, "no children please, photo of adults"),
    )
