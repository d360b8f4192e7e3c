"""Names of well-known people and characters, however they are written."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.gazetteer import EntryKind
from assent.core.screening.names import Match
from assent.core.screening.page import Page, Passage
from assent.core.screening.setting import mention
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = (
    "known_name", "disguised_name", "possible_name", "named_in_passing", "character",
    "acted_character", "historical_name",
)  # fmt: skip

_SURE = frozenset({"exact", "middle_initial", "inverted"})
_DISGUISED = frozenset(
    {"joined", "embedded", "lookalike", "leet", "reversed", "censored", "misspelt", "inflected"}
)
_SUPPORT = ("profession", "likeness", "social", "described", "photos")


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each listed name."""
    for passage in page.passages:
        for match in passage.matches:
            signal = _signal(page, passage, match)
            if signal is not None:
                yield signal


def _signal(page: Page, passage: Passage, match: Match) -> Signal | None:
    entry = match.entry
    if entry.kind is EntryKind.THING:
        return None
    kind = entry.subject_kind(page.at)
    name, weight = _name_and_weight(page, passage, match, kind)
    if weight == 0:
        return None
    return passage.signal(
        name, weight, match.start, match.end, subject=entry.name, subject_kind=kind, original=True
    )


def _name_and_weight(
    page: Page, passage: Passage, match: Match, kind: SubjectKind
) -> tuple[str, float]:
    if kind is SubjectKind.FICTIONAL:
        acted = match.entry.kind is EntryKind.ACTED and not page.has("drawn")
        return ("acted_character", 0.45) if acted else ("character", 0.0001)
    if mention(page, passage, match) is not None:
        return "named_in_passing", 0.05
    if kind is SubjectKind.HISTORICAL:
        return "historical_name", 0.9
    if _only_talked_about(page, match):
        # Talk names names, and a painter may be a way to paint; a person should see it.
        return "possible_name", 0.5
    if match.entry.is_everyday and not _supported(page, passage, match):
        return "possible_name", _everyday_weight(page, passage, match)
    if match.how in _SURE:
        return "known_name", 0.95
    if match.how in _DISGUISED:
        return "disguised_name", 0.85
    return "possible_name", 0.75 if page.has(*_SUPPORT) else 0.5


def _only_talked_about(page: Page, match: Match) -> bool:
    if page.has("likeness", "photos", "social", "explicit"):
        return False
    if page.submission.kind in ("comment", "article"):
        return page.has("rules") or not page.has("request")
    return match.entry.role == "artist" and not page.has("request", "person", "pronoun", "era")


def _supported(page: Page, passage: Passage, match: Match) -> bool:
    return _is_title_case(passage.original[match.start : match.end], match) and (
        page.has(*_SUPPORT) or "w" not in match.entry.flags
    )


def _everyday_weight(page: Page, passage: Passage, match: Match) -> float:
    if page.has(*_SUPPORT):
        return 0.4
    capital = _is_title_case(passage.original[match.start : match.end], match)
    lone = capital and passage.field == "title" and not page.has("thing", "animal", "garment")
    return 0.36 if lone else 0.0


def _is_title_case(text: str, match: Match) -> bool:
    words = [word for word in text.replace("_", " ").split() if word]
    return all(word[0].isupper() or not word[0].isalpha() for word in words) or not text.isascii()


def examples() -> tuple[Example, ...]:
    """Texts with and without a listed name."""
    return (
        Example(True, "Tom Hanks at a lectern", signal="known_name"),
        Example(True, "portrait of T0m H4nk5", signal="disguised_name"),
        Example(True, "taylorswift at a desk", signal="disguised_name"),
        Example(True, "Тейлор Свифт за столом", signal="known_name"),
        Example(True, "Michael Jackson's jacket, flat lay", signal="named_in_passing"),
        Example(True, "Ada Lovelace at a terminal", signal="historical_name"),
        Example(True, "Captain Ahab, woodcut", signal="character"),
        Example(False, "Jackson Hole in winter"),
        Example(False, "an usher with a torch and a drake on a pond"),
        Example(False, "a jack black as coal and a rock"),
    )
