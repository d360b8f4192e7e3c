"""Writes messages that wait to be sent, and marks them sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assent.journal.models import JournalHead, Message, PublishedRoot


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that was not sent yet; `address` is empty where the person has none."""

    id: str
    template: str
    data: Mapping[str, Any]
    address: str
    name: str


def add_message(
    message_id: str, user_id: int, template: str, data: Mapping[str, Any], at: datetime
) -> None:
    """Insert a message to a member."""
    Message.objects.create(
        id=message_id, user_id=user_id, template=template, data=dict(data), at=at
    )


def waiting(message_id: str) -> Waiting | None:
    """Return the message if it still waits."""
    row = Message.objects.select_related("user").filter(id=message_id, sent_at=None).first()
    if row is None or row.user is None:
        return None
    return Waiting(row.id, row.template, row.data, row.user.email, row.user.username)


def mark_sent(message_id: str, at: datetime) -> bool:
    """Mark a message sent; False when somebody else already did."""
    return bool(Message.objects.filter(id=message_id, sent_at=None).update(sent_at=at))


def close_until(at: datetime) -> tuple[int, datetime]:
    """Let no later row be dated before `at`; return how many rows there are, and the moment from
    which on a new row is dated. Runs in a transaction, which should end at once."""
    head = JournalHead.objects.select_for_update().filter(id=1).first()
    if head is None:
        return 0, at
    head.at = max(at, head.at)
    head.save(update_fields=["at"])
    return head.seq, head.at


def has_root(day: date) -> bool:
    """Whether that day's root was published."""
    return PublishedRoot.objects.filter(day=day).exists()


def add_root(day: date, at: datetime, rows: int, root: str) -> bool:
    """Publish a day's root; False when the day has one."""
    _, added = PublishedRoot.objects.get_or_create(
        day=day, defaults={"at": at, "rows": rows, "root": root}
    )
    return added
