"""What is screened: a frozen snapshot of an item's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submission:
    """The words of an item at one moment.

    `attached` holds further texts as (field, text) pairs, such as file names and the names found
    in a file's training metadata; they are evidence like the rest.
    """

    id: str
    kind: str
    type: str | None
    title: str
    description: str
    tags: tuple[str, ...] = ()
    lang: str | None = None
    attached: tuple[tuple[str, str], ...] = ()

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield (field, text); `field` is title, description, tags[i] or an attached name."""
        yield "title", self.title
        yield "description", self.description
        for i, tag in enumerate(self.tags):
            yield f"tags[{i}]", tag
        yield from self.attached
