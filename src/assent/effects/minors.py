"""Cases about somebody who may be under 18: operators hear of them at once, uploaders never."""

from __future__ import annotations

from assent.core.settlement import Tell
from assent.people.queries import operator_ids


def told_operators() -> tuple[Tell, ...]:
    """Return the message to each operator that such a case stands first in the queue."""
    return tuple(Tell(who, "case_minor") for who in operator_ids())
