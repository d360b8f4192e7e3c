"""A store of codings as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assent.audit.label.store import Coding, Store, agreed


@dataclass(frozen=True, slots=True)
class Coded:
    """A store of codings, read: what coders and programs said, and how large the strata are."""

    size: int
    strata: dict[str, int]
    hidden: dict[int, tuple[str, bool | None, str | None]]
    codings: Sequence[Coding]

    @classmethod
    def read(cls, store: Store) -> Coded:
        """Return all of a store."""
        return cls(store.size(), store.strata(), store.hidden(), store.codings())

    def coders(self) -> list[str]:
        """Return the names of the coders; they are in no report."""
        return sorted({one.coder for one in self.codings})

    def agreed(self, field: str) -> dict[int, str]:
        """Return what most coders said of each item, where most said one thing."""
        told: dict[int, list[Coding]] = {}
        for one in self.codings:
            told.setdefault(one.place, []).append(one)
        said = {place: agreed(codings, field) for place, codings in told.items()}
        return {place: word for place, word in said.items() if word is not None}
