"""Somebody the requester knows: a wife, an ex, a colleague, the landlord."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("relation", "possible_relation")


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each person introduced by what they are to somebody."""
    for category, name, weight in (
        ("relation", "relation", 0.55),
        ("relation_bare", "possible_relation", 0.36),
    ):
        for passage, hit in page.hits(category):
            yield passage.signal(
                name,
                weight,
                hit.start,
                hit.end,
                subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
            )


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
        Example(False, "an ex-army truck and sister ships in a harbour"),
        Example(False, "no classmates, no neighbours, only houses"),
    )
