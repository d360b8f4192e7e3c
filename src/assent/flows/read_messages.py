"""Mark what a member was told as read."""

from __future__ import annotations

from assent.gateways import clock
from assent.journal import save
from assent.people.queries import Member


def read_messages(member: Member) -> int:
    """Mark everything that the member has been told as read, and return how much that was."""
    return save.mark_read(member.id, clock.now())
