"""What stands around a name: whether it is asked for or only mentioned."""

from __future__ import annotations

from assent.core.screening.names import Match
from assent.core.screening.page import Page, Passage

_REACH = 36  # characters on either side that belong to a name
_MAKERS = frozenset({"artist", "director", "writer", "past", "scientist", "business"})
_ADDRESSED = ("thing", "animal")


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
    if any(kind in after for kind in _ADDRESSED) and _adjacent(passage, match, "thing", "animal"):
        return "thing"
    if any(kind in before for kind in ("animal",)) and page.has("animal"):
        return "animal"
    return None


def _around(passage: Passage, match: Match) -> tuple[set[str], set[str]]:
    """Return the categories of the phrases just before and just after a name."""
    before: set[str] = set()
    after: set[str] = set()
    for hits in passage.hits.values():
        for hit in hits:
            start, end = passage.reading.span(hit.start, hit.end)
            if end <= match.start and match.start - end <= _REACH:
                if not _stops(passage.original[end : match.start]):
                    before.add(hit.category)
            elif start >= match.end and start - match.end <= _REACH:
                gap = passage.original[match.end : start]
                if not _stops(gap) and (hit.category != "garment" or _possessive(gap)):
                    after.add(hit.category)
    return before, after


def _stops(gap: str) -> bool:
    return any(char in ".!?;\n,:(" for char in gap)


def _possessive(gap: str) -> bool:
    return gap.startswith(("'s", "’s", "s'", "'", "’"))


def _owned(passage: Passage, match: Match) -> bool:
    """Whether "worn by", "of" and the like lead from a garment to the name."""
    lead = passage.original[max(0, match.start - 14) : match.start].casefold()
    return any(
        lead.rstrip().endswith(word)
        for word in ("worn by", "as on", "wore", "portée par", "porté par", "indossata da",
                     "indossato da", "getragen von", "llevado por", "llevó", "usado por",
                     "usada por", "noszona przez", "'in")
    )  # fmt: skip


def _adjacent(passage: Passage, match: Match, *categories: str) -> bool:
    """Whether the very next word is such a thing: "the X museum", "X ferns"."""
    for category in categories:
        for hit in passage.hits.get(category, ()):
            start, _ = passage.reading.span(hit.start, hit.end)
            if 0 < start - match.end <= 3:
                return True
    return False
