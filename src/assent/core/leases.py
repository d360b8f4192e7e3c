"""Who works on which piece of the queue: one person at a time, for a while, seen by all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assent.core.terms import Refusal, RefusalKind

LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Lease:
    """A piece of work in somebody's hands. `subject` is its kind and number, as in `item:7k3m…`."""

    subject: str
    holder: int
    holder_name: str
    until: datetime


def taken(lease: Lease | None, who: int) -> Refusal | None:
    """Return a refusal where somebody else has it; nobody's is anybody's."""
    if lease is None or lease.holder == who:
        return None
    until = f"{lease.until:%H:%M} UTC"
    words = f"{lease.holder_name} is working on this until {until}. Take another, or wait."
    return Refusal("work_taken", words, RefusalKind.CONFLICT, retry=True)
