"""The demo marketplace: invented people living through a fortnight, by the same flows as anyone.

Nothing here writes a row by itself: every state is reached by the flow that leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from assent.core.access import Actor
from assent.core.ledger import member
from assent.core.terms import Role
from assent.flows.accept_agreement import accept_agreement
from assent.flows.add_member import add_member
from assent.flows.grant_credits import grant_credits
from assent.gateways import clock
from assent.ledger.queries import balance_of
from assent.ops import demo_story
from assent.people.queries import Member

HOUSE = Actor("house")
START = {"rita": 4000, "sam": 4000, "cora": 100, "chris": 400}
# What the demo promises that these two can spend once it is built.
PURSE = {"rita": 5000, "sam": 5000}
CAST = {
    "rita": Role.MEMBER,
    "sam": Role.MEMBER,
    "cora": Role.MEMBER,
    "chris": Role.MEMBER,
    "mo": Role.MODERATOR,
    "mia": Role.MODERATOR,
    "otto": Role.OPERATOR,
    "ada": Role.AUDITOR,
}


def _done_mark() -> Path:
    return Path(settings.DATA_DIR) / "demo-is-built"


def demo_is_built() -> bool:
    """Whether the demo was built to its end."""
    return _done_mark().exists()


class Calendar:
    """Sets the clock to days before today, always forward, so that the journal reads in order."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._minute = 0

    @contextmanager
    def day(self, before: int) -> Iterator[None]:
        """Let the clock stand at a morning this many days ago, a minute later at each use."""
        self._minute += 1
        start = self._now - timedelta(days=before, hours=2)
        with clock.at(start + timedelta(minutes=self._minute)):
            yield


def build_demo() -> None:
    """Build the demo in one transaction: interrupted, it is built anew the next time."""
    calendar = Calendar(clock.now())
    with transaction.atomic():
        with calendar.day(15):
            cast = _cast()
        demo_story.tell(cast, calendar)
        for name, amount in PURSE.items():
            _fill(cast[name], amount)
    _done_mark().touch()


def _cast() -> dict[str, Member]:
    cast = {}
    for name, role in CAST.items():
        cast[name] = add_member(name, f"{name}@example.org", "demo", role, by=HOUSE)
        accept_agreement(cast[name])
    for name, amount in START.items():
        grant_credits(cast[name].party, amount, f"demo:{cast[name].key}", by=HOUSE)
    return cast


def _fill(who: Member, amount: int) -> None:
    """Bring a wallet to the amount that the demo promises; only ever by adding."""
    missing = amount - balance_of(member(who.key)).available
    if missing > 0:
        grant_credits(who.party, missing, f"demo:top-up:{who.key}", by=HOUSE)
