"""What the work is about when it is not a person: things, animals, drawings, styles, rules."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page
from assent.core.screening.verdict import Signal

SIGNALS = ("focus_thing", "focus_animal", "focus_garment", "focus_style", "focus_drawn",
           "says_synthetic", "quotes_rules", "gives_credit", "only_object")  # fmt: skip

# A single word proves little; the more often a focus is named, the more it weighs.
_FOCUS = (
    ("focus_thing", "thing", 0.25),
    ("focus_animal", "animal", 0.35),
    ("focus_garment", "garment", 0.25),
    ("focus_style", "style", 0.25),
    ("focus_drawn", "drawn", 0.4),
)
_MOST = 0.75


def detect(page: Page) -> Iterator[Signal]:
    """Yield at most one signal of each kind, with a negative weight."""
    for name, category, each in _FOCUS:
        times = page.count(category)
        yield from _first(page, name, -min(_MOST, each * times), category)
    yield from _first(page, "says_synthetic", -0.8, "synthetic")
    if page.submission.kind in ("comment", "article"):
        yield from _first(page, "quotes_rules", -0.7 if page.count("rules") > 1 else -0.4, "rules")
        yield from _first(page, "gives_credit", -0.5, "credit")

    if _only_object(page):
        yield from _first(page, "only_object", -0.8, "object_only")


def _only_object(page: Page) -> bool:
    """Whether a thing is asked for with the person left out: "jacket only, on a hanger"."""
    if page.has("likeness", "social", "relation", "self", "explicit"):
        return False
    return page.has("garment", "thing", "style", "animal")


def _first(page: Page, name: str, weight: float, category: str) -> Iterator[Signal]:
    for passage, hit in page.hits(category):
        yield passage.signal(name, weight, hit.start, hit.end)
        return
    if category == "synthetic":
        for passage in page.passages:
            for hit in passage.denied.get(category, ()):
                yield passage.signal(name, weight, hit.start, hit.end)
                return


def examples() -> tuple[Example, ...]:
    """Things, animals and drawings; and a text about nothing of the kind."""
    return (
        Example(True, "a guitar on a stand", signal="focus_thing"),
        Example(True, "an orange cat", signal="focus_animal"),
        Example(True, "an embroidered jacket", signal="focus_garment"),
        Example(True, "the cape only, on a hanger", signal="only_object"),
        Example(False, "the cape only, with her face", signal="only_object"),
        Example(True, "fully synthetic presenter", signal="says_synthetic"),
        Example(False, "make it soon"),
    )
