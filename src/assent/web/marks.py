"""Marks, in somebody's own words, the very words that a verdict rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assent.catalogue.values import ItemView
from assent.core.screening.discreet import PROTECTED

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item's words in segments."""

    title: tuple[Segment, ...]
    description: tuple[Segment, ...]
    tags: tuple[tuple[Segment, ...], ...]
    words: tuple[str, ...]


def merged(spans: Iterable[Span], text: str) -> list[Span]:
    """Return the spans within a text in order; those that overlap, or have only spaces between
    them, are joined.

    >>> merged([(3, 6), (0, 2), (5, 9), (13, 99)], "my friend is here")
    [(0, 9)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(text):
            continue
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def segments(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """Cut a text at its marks.

    >>> [s.text for s in segments("a LoRA of her", [(10, 13)]) if s.marked]
    ['her']
    """
    parts: list[Segment] = []
    at = 0
    for start, end in merged(spans, text):
        parts += [Segment(text[at:start], False), Segment(text[start:end], True)]
        at = end
    parts.append(Segment(text[at:], False))
    return tuple(p for p in parts if p.text)


def marked(item: ItemView, record: Mapping[str, Any], *, for_staff: bool = False) -> MarkedItem:
    """Return the item's words with what speaks for a likeness marked; what speaks against it
    (a negative weight) is left alone. That a name is protected shows to staff alone."""
    spans: dict[str, list[Span]] = {}
    for signal in record.get("signals", ()):
        if signal.get("name") in PROTECTED and not for_staff:
            continue
        if signal["weight"] > 0:
            spans.setdefault(signal["field"], []).append((signal["start"], signal["end"]))
    title = segments(item.title, spans.get("title", ()))
    description = segments(item.description, spans.get("description", ()))
    tags = tuple(segments(t, spans.get(f"tags[{i}]", ())) for i, t in enumerate(item.tags))
    words = {
        s.text.strip().casefold(): s.text.strip()
        for part in (title, description, *tags)
        for s in part
        if s.marked
    }
    return MarkedItem(title, description, tags, tuple(words.values()))
