"""Forget the answers that were kept for repeated requests."""

from __future__ import annotations

from datetime import timedelta

from assent.gateways import clock
from assent.people import save as people

MEMBERS = timedelta(days=7)
STRANGERS = timedelta(days=1)


def clear_replies() -> int:
    """Delete answers older than a week, a stranger's after a day; return how many."""
    at = clock.now()
    return people.forget_replies(at - MEMBERS, at - STRANGERS)
