"""Writes messages that wait to be sent, and marks them sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assent.core.messages import told_after
from assent.core.settlement import Tell
from assent.core.terms import ItemState
from assent.journal.models import JournalHead, Message, PublishedRoot


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that was not sent yet; `address` is empty where the person has none."""

    id: str
    template: str
    data: Mapping[str, Any]
    address: str
    name: str
    user: int
    about_gone: bool


def add_messages(told: Mapping[str, Tell], at: datetime) -> None:
    """Insert messages to members and to people with a case, by their new ids."""
    Message.objects.bulk_create(
        Message(
            id=message_id,
            user_id=tell.user,
            template=tell.template,
            data=dict(tell.data),
            about_id=tell.about,
            case_id=tell.case or None,
            at=at,
            after=told_after(tell.template, at),
        )
        for message_id, tell in told.items()
    )


def mark_read(user_id: int, at: datetime) -> int:
    """Mark all that a member has not read as read, and return how much that was."""
    return Message.objects.filter(user_id=user_id, read_at=None).update(read_at=at)


def waiting(message_id: str) -> Waiting | None:
    """Return the message if it still waits."""
    row = (
        Message.objects.select_related("user", "about").filter(id=message_id, sent_at=None).first()
    )
    if row is None or row.user is None:
        return None
    gone = row.about is not None and ItemState(row.about.state).is_gone
    address, name = row.user.email, row.user.username
    return Waiting(row.id, row.template, row.data, address, name, row.user_id or 0, gone)


def mark_sent(message_id: str, at: datetime) -> bool:
    """Mark a message sent; False when somebody else already did."""
    return bool(Message.objects.filter(id=message_id, sent_at=None).update(sent_at=at))


def mark_unsent(message_id: str, after: datetime) -> None:
    """Let a message wait again that could not be sent, until this moment at least."""
    Message.objects.filter(id=message_id).update(sent_at=None, after=after)


def unsay(item: str, written_at: datetime) -> int:
    """Delete what was told about an item at exactly this moment and nobody has read, and return how
    much that was. A letter that went out is out."""
    rows = Message.objects.filter(about_id=item, at=written_at, read_at=None)
    return rows.delete()[0]


def forget_letters(case_key: str) -> None:
    """Delete all that was told to whoever opened this case."""
    Message.objects.filter(case_id=case_key).delete()


def close_until(at: datetime) -> tuple[int, datetime]:
    """Let no later row be dated before `at`; return how many rows there are, and the moment from
    which on a new row is dated. Runs in a transaction, which should end at once."""
    head = JournalHead.objects.select_for_update(no_key=True).filter(id=1).first()
    if head is None:
        return 0, at
    head.at = max(at, head.at)
    head.save(update_fields=["at"])
    return head.seq, head.at


def has_root(day: date) -> bool:
    """Whether that day's root was published."""
    return PublishedRoot.objects.filter(day=day).exists()


def add_root(day: date, at: datetime, rows: int, root: str, extends: Sequence[str]) -> bool:
    """Publish a day's root; False when the day has one. `extends` proves that its tree begins with
    the one published before."""
    _, added = PublishedRoot.objects.get_or_create(
        day=day, defaults={"at": at, "rows": rows, "root": root, "extends": list(extends)}
    )
    return added
