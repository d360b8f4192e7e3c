"""What a text asks for: adult content, or something close to it."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example, phrase_signals
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal

SIGNALS = ("explicit", "suggestive")

# "Nude" is a colour of these.
_COLOURS = (" colour", " color", " nail", " lip", " shade", " tone", " heel", " pump", " beige")
_ADULT_TAGS = frozenset({"adult", "18+", "r18", "x"})


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each word of that kind that is asked for, not ruled out."""
    quoted = page.has("rules") and page.submission.kind in ("comment", "article")
    if not quoted:
        for passage, hit in page.hits("explicit"):
            if not passage.reading.text.startswith(_COLOURS, hit.end):
                yield passage.signal("explicit", 0.0, hit.start, hit.end)
        yield from _adult_tags(page)
    yield from phrase_signals(page, "suggestive", 0.0, "suggestive")


def _adult_tags(page: Page) -> Iterator[Signal]:
    for passage in page.passages:
        if passage.field.startswith("tags[") and passage.reading.text.strip() in _ADULT_TAGS:
            yield passage.signal("explicit", 0.0, 0, len(passage.reading.text))


def examples() -> tuple[Example, ...]:
    """Asked for, and ruled out."""
    return (
        Example(True, "generic adult, nsfw", signal="explicit"),
        Example(True, "a mannequin", tags=("adult",), signal="explicit"),
        Example(True, "a swimsuit catalogue", signal="suggestive"),
        Example(False, "sfw only, no nudity, no nsfw"),
        Example(False, "an adult penguin"),
    )
