"""Readings of a text, each with a map back to the text as it was written.

A reading is what a person sees in the text whatever tricks are in it. Every reading keeps, for
each of its characters, where that character came from; a clue found in a reading can therefore
always be shown in the original.
"""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from assent.core.screening.folding import CONFUSABLES, FOLD, LEET, LEET_L, LEET_SIGNS, SAME_LENGTH

# Bounded repetition: a page of "<<<<" must not cost more than its length.
_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,10});")
# A sign for a letter stands between letters, or at the edge of a word: "v2", "80s" and "512px" do
# not count, nor does "glasses!".
# Each branch begins at the sign itself, which few texts have, and looks back from there.
_LEET_MIXED = re.compile(
    r"[0-9@$!|+€£](?:(?<=[^\W\d_].)[0-9@$!|+€£]{0,4}[^\W\d_]"
    r"|(?<![^\W_].)(?<=[0-9@$|€£])[0-9@$|€£]?[^\W\d_]{3}"
    r"|(?<=[^\W\d_]{3}.)(?<=[0-9$€])(?![^\W_]))"
)
_LEET_SIGN = re.compile(r"[@$!|+€£](?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read, and where each character came from; no map means "where it stands"."""

    text: str
    starts: array[int] | None = None
    ends: array[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets, in the original, of the characters start..end of this reading."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def swapped(self, text: str) -> Reading:
        """Return the same map over another text of the same length."""
        return Reading(text, self.starts, self.ends)


def read(text: str) -> Reading:
    """Return the plain reading: folded, entities decoded, tags and escapes as spaces."""
    marked = "<" in text or "&" in text
    if text.isascii() and not marked:
        return Reading(text.lower())
    if not marked:
        folded = text.translate(SAME_LENGTH)
        if folded is not text and len(folded) == len(text) and "\0" not in folded:
            return Reading(folded)
    out: list[str] = []
    starts, ends = array("q"), array("q")
    for start, end, piece in _pieces(text) if marked else ((0, len(text), None),):
        if piece is None:
            _fold_into(text, start, end, out, starts, ends)
            continue
        for char in piece:
            folded = FOLD[char]
            out.append(folded)
            starts.extend([start] * len(folded))
            ends.extend([end] * len(folded))
    return Reading("".join(out), starts, ends)


def _fold_into(
    text: str, start: int, end: int, out: list[str], starts: array[int], ends: array[int]
) -> None:
    table = FOLD
    for at in range(start, end):
        folded = table[text[at]]
        out.append(folded)
        for _ in folded:
            starts.append(at)
            ends.append(at + 1)


def _pieces(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield (start, end, replacement); no replacement means the text itself."""
    last = 0
    for found in _MARKUP.finditer(text):
        if found.start() > last:
            yield last, found.start(), None
        written = found.group()
        yield found.start(), found.end(), " " if written[0] == "<" else html.unescape(written)
        last = found.end()
    if last < len(text):
        yield last, len(text), None


def may_have_variants(text: str) -> bool:
    """Whether any of some texts, parted by line breaks, may be read in another way."""
    return not text.isascii() or _LEET_MIXED.search(text) is not None


def variants(reading: Reading) -> Iterator[tuple[str, Reading]]:
    """Yield (how, reading) for each other way of reading the same characters."""
    latin = reading.text
    if not latin.isascii():
        latin = latin.translate(CONFUSABLES)
        if latin != reading.text:
            yield "lookalike", reading.swapped(latin)
    if _LEET_MIXED.search(latin):
        signs = _LEET_SIGN.sub(lambda found: LEET_SIGNS[found.group()], latin)
        yield "leet", reading.swapped(signs.translate(LEET))
        if "1" in latin or "|" in latin or "!" in latin:
            yield "leet", reading.swapped(_LEET_SIGN.sub(_as_l, latin).translate(LEET_L))


def _as_l(found: re.Match[str]) -> str:
    sign = found.group()
    return "l" if sign in "!|" else LEET_SIGNS[sign]
