"""The one way to write the journal. Runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assent.journal.chain import START, Link, link_hash
from assent.journal.models import JournalHead, JournalRow


@dataclass(frozen=True, slots=True)
class Event:
    """A past fact. `actor` and `subject` are random keys; `data` holds codes and numbers only."""

    verb: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)


def append(events: Iterable[Event], *, actor: str, rule: str, at: datetime) -> None:
    """Add a row for each event at the end of the chain.

    Locking the head row puts writers in line, so the chain has no forks; take it last in a
    transaction so that it is held for the shortest time.
    """
    head, _ = JournalHead.objects.select_for_update(no_key=True).get_or_create(
        id=1, defaults={"seq": 0, "hash": START, "at": at}
    )
    # A writer may have read its clock before another one that got the lock first.
    at = head.at = max(at, head.at)
    for event in events:
        link = Link(head.seq + 1, at, actor, event.verb, event.subject, rule, event.data, head.hash)
        head.seq, head.hash = link.seq, link_hash(link)
        JournalRow.objects.create(
            seq=link.seq,
            at=at,
            actor=actor,
            verb=event.verb,
            subject=event.subject,
            rule=rule,
            data=event.data,
            previous=link.previous,
            hash=head.hash,
        )
    head.save(update_fields=["seq", "hash", "at"])
