"""Strikes: what repeated breaches lead to, computed from the decisions themselves.

Nobody gives a strike by hand. A decision by which something of a member's was taken away counts as
one, from the moment that they were told until it expires; a decision that was reversed never
counted. So an objection that is right takes back all that followed from it, exactly.

Regulation (EU) 2022/2065, Article 23: a warning first, then a suspension for a limited time,
weighed by the number of breaches, their share of all that somebody put here, and their gravity; the
rule is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EXPIRES = timedelta(days=180)
# Points by the rule of the decision. A real person's likeness without their consent weighs double.
POINTS = {"takedown.likeness": 2, "report.upheld": 1}
# Of so many live points, so long a suspension; the most points first.
STEPS = ((6, timedelta(days=180)), (3, timedelta(days=30)))
# Breaches that are less than this share of what somebody put here lead to a warning alone.
SHARE_MIN = 0.02


@dataclass(frozen=True, slots=True)
class Strike:
    """A breach: by which decision, when its owner was told, and what it weighs."""

    decision: str
    at: datetime
    points: int

    @property
    def ends(self) -> datetime:
        """When it expires."""
        return self.at + EXPIRES


class Level(StrEnum):
    """How somebody stands."""

    CLEAR = "clear"
    WARNED = "warned"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Outlook:
    """How somebody stands at a moment: the live strikes, and until when a suspension lasts."""

    level: Level
    live: tuple[Strike, ...] = ()
    until: datetime | None = None

    @property
    def points(self) -> int:
        """What the live strikes weigh together."""
        return sum(strike.points for strike in self.live)


def outlook(strikes: Sequence[Strike], items: int, at: datetime) -> Outlook:
    """Return how somebody stands who put this many items here.

    The history is walked forwards: each strike may begin a suspension, which lasts its time even
    where a strike behind it expires meanwhile.
    """
    past = sorted((s for s in strikes if s.at <= at), key=lambda s: (s.at, s.decision))
    until: datetime | None = None
    for strike in past:
        points = sum(s.points for s in past if s.at <= strike.at < s.ends)
        lasts = next((time for least, time in STEPS if points >= least), None)
        if lasts is not None and points >= SHARE_MIN * items:
            until = max(until, strike.at + lasts) if until else strike.at + lasts
    live = tuple(s for s in past if at < s.ends)
    if until is not None and at < until:
        return Outlook(Level.SUSPENDED, live, until)
    return Outlook(Level.WARNED if live else Level.CLEAR, live)
