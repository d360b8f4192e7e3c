"""What stands around a name: whether it is asked for or only mentioned."""

from __future__ import annotations

from assent.core.screening.names import Match
from assent.core.screening.page import Page, Passage

_REACH = 36  # characters on either side that belong to a name
_NAMED_REACH = 12
_NEXT = 3
_WORN = (
    "worn by", "as on", "wore", "portée par", "porté par", "indossata da", "indossato da",
    "getragen von", "llevado por", "llevó", "usado por", "usada por", "noszona przez", "'in",
)  # fmt: skip
_MAKERS = frozenset({"artist", "director", "writer", "past", "scientist", "business"})


def mention(page: Page, passage: Passage, match: Match) -> str | None:
    """Return why a name is only mentioned, or None where the likeness may be meant.

    A face asked for anywhere overrules this: a jacket "as worn by" somebody is a jacket, with
    the same face it is a likeness.
    """
    if page.has("likeness", "social"):
        return None
    before, after = _around(passage, match)
    if "garment" in after or ("garment" in before and _owned(passage, match)):
        return "garment"
    if ("style" in before or "style" in after) and match.entry.role in _MAKERS:
        return "style"
    if "credit" in before:
        return "credit"
    if _adjacent(passage, match):
        return "thing"
    return "animal" if "animal" in before else None


def _around(passage: Passage, match: Match) -> tuple[set[str], set[str]]:
    """Return the categories of the phrases just before and just after a name."""
    before: set[str] = set()
    after: set[str] = set()
    for hit in passage.around(match.start, match.end, _REACH):
        if hit.end <= match.start and match.start - hit.end <= _reach(hit.category):
            if not _stops(passage.original[hit.end : match.start]):
                before.add(hit.category)
        elif hit.start >= match.end:
            gap = passage.original[match.end : hit.start]
            if not _stops(gap) and (hit.category != "garment" or _possessive(gap)):
                after.add(hit.category)
    return before, after


def _reach(category: str) -> int:
    """An animal is only "a cat called X" when the name follows at once."""
    return _NAMED_REACH if category == "animal" else _REACH


def _stops(gap: str) -> bool:
    return any(char in ".!?;\n,:(" for char in gap)


def _possessive(gap: str) -> bool:
    return gap.startswith(("'s", "’s", "s'", "'", "’"))


def _owned(passage: Passage, match: Match) -> bool:
    """Whether "worn by", "of" and the like lead from a garment to the name."""
    lead = passage.original[max(0, match.start - 14) : match.start].casefold()
    return lead.rstrip().endswith(_WORN)


def _adjacent(passage: Passage, match: Match) -> bool:
    """Whether the very next word is a thing or an animal: "the X museum", "X ferns"."""
    return any(
        hit.category in ("thing", "animal") and 0 < hit.start - match.end <= _NEXT
        for hit in passage.around(match.end, match.end, _NEXT)
    )
