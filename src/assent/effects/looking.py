"""What the brakes keep from hiding: staff hear of it at once, and once for all that waits."""

from __future__ import annotations

from assent.casework.queries import waits_for_look
from assent.core.settlement import Tell
from assent.people.queries import staff_ids


def told_to_look() -> tuple[Tell, ...]:
    """Return the message to each of the staff that something waits for a look; none where something
    waited before, so that a flood of requests is no flood of letters. Ask before it is noted."""
    if waits_for_look():
        return ()
    return tuple(Tell(who, "case_look") for who in staff_ids())
