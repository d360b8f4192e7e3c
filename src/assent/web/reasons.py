"""Why an item is where it is, for those who may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assent.casework.queries import decisions_on
from assent.casework.statements import latest_of
from assent.core.access import Facts, Person, Verb
from assent.web.viewer import can


@dataclass(frozen=True, slots=True)
class Reason:
    """The last decision on an item, as its owner reads it."""

    at: datetime
    rule: str
    code: str
    sentence: str
    statement: str = ""


def reason_for(who: Person, facts: Facts, item_id: str) -> Reason | None:
    """Return the last decision on an item to its owner and moderators; None to others."""
    if not can(who, facts)[Verb.SEE_REASONS]:
        return None
    decisions = decisions_on(item_id)
    return Reason(*decisions[0], latest_of(item_id)) if decisions else None
