"""A statement of reasons, computed from a decision and from nothing that anybody wrote.

Regulation (EU) 2022/2065, Article 17(3): the restriction, its scope and duration; the facts, and
whether it came of a notice or of our own look; use of automated means to detect and to decide; the
ground and why; how to object. Every sentence here is a fixed template over codes: no title, tag,
file name, note of a moderator or word of a notice can get into it. Whether machines took part is
computed from who acted under which rule, never typed by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assent.core.reasons.clauses import Clause, clause_of
from assent.core.terms import ItemKind, ItemState, WorkType

APPEAL_TIME = timedelta(days=184)


class Restriction(StrEnum):
    """What was done to the item."""

    NOT_PUBLISHED = "not_published"
    HELD = "held"
    HIDDEN = "hidden"
    REMOVED = "removed"


class Source(StrEnum):
    """What brought us to look."""

    NOTICE = "notice"
    OWN = "own"


class Decided(StrEnum):
    """By whom the restriction was decided."""

    MACHINE = "machine"
    PARTLY = "partly"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Facts:
    """A decision on one item, as the books have it. `by_person` says whether a log-in of staff
    took it; `found_as` how an item came into a case (`named`, `copy`, …), else empty."""

    decision: str
    at: datetime
    rule: str
    code: str
    policy: str
    by_person: bool
    item: str
    kind: ItemKind
    work_type: WorkType | None
    created_on: date
    before: ItemState
    after: ItemState
    found_as: str = ""
    is_sold: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One restriction of one item with all that must be said of it."""

    facts: Facts
    restriction: Restriction
    clause: Clause
    source: Source
    automated_detection: bool
    decided: Decided

    @property
    def id(self) -> str:
        """Unique for each decision on each item; says nothing about either."""
        return f"{self.facts.decision}-{self.facts.item}"

    @property
    def appeal_until(self) -> datetime:
        """Until when its reader may object, free of charge."""
        return self.facts.at + APPEAL_TIME

    @property
    def about_money(self) -> bool:
        """Whether credits that hang on the item are affected: those of a bounty, an entry, or a
        listing that somebody bought."""
        return self.facts.is_sold or self.facts.kind in (ItemKind.BOUNTY, ItemKind.ENTRY)


_RESTRICTIONS = {
    ItemState.HELD: Restriction.HELD,
    ItemState.HIDDEN: Restriction.HIDDEN,
    ItemState.REMOVED: Restriction.REMOVED,
    ItemState.REFUSED: Restriction.NOT_PUBLISHED,
}
# What a person noticed, without a machine having found it first.
_FOUND_BY_PEOPLE = ("takedown.", "report.")
# How an item of a case was found by comparing files.
_FOUND_BY_MACHINE = ("copy", "hash", "later", "part")


def statement_of(facts: Facts) -> Statement | None:
    """Return the statement for a decision, None where it restricts nothing."""
    restriction = _RESTRICTIONS.get(facts.after)
    if restriction is None or facts.before is facts.after:
        return None
    noticed = facts.rule.startswith(_FOUND_BY_PEOPLE)
    detected = not noticed or facts.found_as in _FOUND_BY_MACHINE
    return Statement(
        facts,
        restriction,
        clause_of(facts.code),
        Source.NOTICE if noticed else Source.OWN,
        detected,
        _decided(facts, detected),
    )


def _decided(facts: Facts, detected: bool) -> Decided:
    if not facts.by_person:
        return Decided.MACHINE
    return Decided.PARTLY if detected else Decided.PERSON
