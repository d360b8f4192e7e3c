"""What was taken down, kept beside the database: so that a backup from before serves none of it.

Each line of the log says one thing about a case. Read from the first to the last, they add up to
what must be gone and what must be watched for, whatever the database that was restored says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assent.core.terms import Digest


class Said(StrEnum):
    """What a line says about its items: hidden, removed for good, or given back; or that the
    case's marks are forgotten, as the person asked."""

    HIDDEN = "hidden"
    REMOVED = "removed"
    BACK = "back"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. It holds ids and keyed digests alone."""

    said: Said
    case: str
    items: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """The line as JSON."""
        digests = [[d.digest, d.kind, d.version] for d in self.digests]
        return {"said": self.said, "case": self.case, "items": self.items, "digests": digests}


def line_of(record: Mapping[str, Any]) -> Line:
    """Return a line that was read back."""
    return Line(
        Said(record["said"]),
        str(record["case"]),
        tuple(record["items"]),
        tuple(Digest(*one) for one in record["digests"]),
    )


@dataclass(slots=True)
class Standing:
    """What the lines add up to: items that must be gone, and for each case the digests that are
    watched for, with whether it was decided."""

    gone: set[str] = field(default_factory=set)
    digests: dict[str, set[Digest]] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)


def standing(lines: Iterable[Line]) -> Standing:
    """Add up the lines, in their order. An item that two cases hold comes back with the second."""
    found = Standing()
    holders: dict[str, set[str]] = {}
    for line in lines:
        if line.said in (Said.HIDDEN, Said.REMOVED):
            for item in line.items:
                holders.setdefault(item, set()).add(line.case)
            found.digests.setdefault(line.case, set()).update(line.digests)
            if line.said is Said.REMOVED:
                found.decided.add(line.case)
            continue
        found.digests.pop(line.case, None)
        if line.said is Said.BACK:
            for item in line.items:
                holders.get(item, set()).discard(line.case)
    found.gone = {item for item, cases in holders.items() if cases}
    return found
