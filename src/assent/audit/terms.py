"""The words of an audit: what is wrong with a source, and what a measure says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class SourceError(ValueError):
    """A source that cannot be audited as it was given; the sentence says why."""


class DamageError(OSError):
    """A source that is cut off or damaged, or cannot be read to its end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a source, found by its place: ids are never shown.

    `row` counts the records of the file from 1, or is None where the whole file is meant.
    `dropped` says that the record is left out; else only the one value was.
    """

    file: str
    row: int | None
    why: str
    dropped: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: a share (`count` of `base`) or a value, with a 95 % interval where there is one.

    `label` is for people. `of` says what was compared, where the name alone does not.
    """

    name: str
    label: str
    count: int | None = None
    base: int | None = None
    share: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: str | None = None

    def as_record(self) -> dict[str, Any]:
        """Return the measure as measures.json has it."""
        if self.count is not None:
            names = ["count", "base", "share", "low", "high"]
        else:
            names = ["value", "low", "high"]
        record = {name: getattr(self, name) for name in names}
        record["label"] = self.label
        return record if self.of is None else {**record, "of": self.of}


@dataclass(frozen=True, slots=True)
class Findings:
    """Measures found, and why others are missing: never guessed."""

    measures: tuple[Measure, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Findings) -> Findings:
        """Return both together."""
        return Findings(self.measures + other.measures, self.missing + other.missing)


def lacking(reason: str, *names: str) -> Findings:
    """Return that these measures are missing, all for one reason."""
    return Findings(missing=tuple((name, reason) for name in names))
