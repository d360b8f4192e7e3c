"""What every detector is: a function from a page to signals, with examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assent.core.screening.page import Page
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Signal


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and whether the detector must find something in it."""

    found: bool
    description: str
    title: str = ""
    tags: tuple[str, ...] = ()
    kind: str = "bounty"
    signal: str | None = None

    @property
    def submission(self) -> Submission:
        """The example as something to screen."""
        return Submission(
            "example", self.kind, "LoraCreation", self.title, self.description, self.tags
        )


@dataclass(frozen=True, slots=True)
class Detector:
    """A named detector, the names of its signals, and its examples."""

    name: str
    signals: tuple[str, ...]
    detect: Callable[[Page], Iterator[Signal]]
    examples: Callable[[], tuple[Example, ...]]


def phrase_signals(page: Page, name: str, weight: float, category: str) -> Iterator[Signal]:
    """Yield one signal for each different place with a phrase of a category."""
    seen: set[tuple[str, int]] = set()
    for passage, hit in page.hits(category):
        if (passage.field, hit.start) not in seen:
            seen.add((passage.field, hit.start))
            yield passage.signal(name, weight, hit.start, hit.end)
