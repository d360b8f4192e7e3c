"""Somebody the requester knows: a wife, an ex, a colleague, the landlord."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page, Passage
from assent.core.screening.phrases import Hit
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("relation", "possible_relation")

_OWNING = (
    "'s ",
    "’s ",
    "s' ",
    " wants ",
    " needs ",
    " got ",
    " left ",
    " has ",
    " gave ",
    " says ",
    " said ",
    " thinks ",
    " likes ",
    " hates ",
    " loves ",
    " made ",
    " painted ",
    " bought ",
)


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each person introduced by what they are to somebody."""
    may_be_shown = _may_be_shown(page)
    for category in ("relation", "relation_bare"):
        for passage, hit in page.hits(category):
            sure = category == "relation" and (may_be_shown or not _owns(passage, hit))
            name, weight = ("relation", 0.55) if sure else ("possible_relation", 0.36)
            yield passage.signal(
                name,
                weight,
                hit.start,
                hit.end,
                subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
            )


def _may_be_shown(page: Page) -> bool:
    """Whether it can be the relative who is shown, and not their couch or their dog."""
    if page.count("animal") > 1:
        return False
    if not page.has("thing", "animal", "garment", "style", "object_only"):
        return True
    if any(match.entry.is_person for passage in page.passages for match in passage.matches):
        return True
    return page.has("photos", "likeness", "social", "pronoun", "person", "explicit", "minor")


def _owns(passage: Passage, hit: Hit) -> bool:
    """Whether the words go on with what the relative has, wants or left behind."""
    return passage.reading.text.startswith(_OWNING, hit.end)


def examples() -> tuple[Example, ...]:
    """Claimed relations in several languages, and words that only sound like one."""
    return (
        Example(True, "a portrait of my coworker", signal="relation"),
        Example(True, "a girl from my class", signal="relation"),
        Example(True, "mi vecina en un jardín", signal="relation"),
        Example(True, "minha ex-chefe", signal="relation"),
        Example(True, "meine Nachbarin", signal="relation"),
        Example(True, "ma collègue au bureau", signal="relation"),
        Example(True, "la mia professoressa", signal="relation"),
        Example(True, "моя бывшая", signal="relation"),
        Example(True, "我同事的照片", signal="relation"),
        Example(True, "職場の同僚", signal="relation"),
        Example(True, "전 여자친구", signal="relation"),
        Example(False, "an ex-army truck and sister ships in a harbour", signal="relation"),
        Example(False, "my ex left a couch with a floral pattern", signal="relation"),
        Example(False, "no classmates, no neighbours, only houses"),
    )
