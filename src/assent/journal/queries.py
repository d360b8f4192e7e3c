"""Reads the journal."""

from __future__ import annotations

from collections.abc import Iterator

from assent.journal.chain import START, Link, faults
from assent.journal.models import JournalHead, JournalRow, Message


def _links() -> Iterator[tuple[Link, str]]:
    for row in JournalRow.objects.order_by("seq").iterator(chunk_size=2000):
        link = Link(
            row.seq, row.at, row.actor, row.verb, row.subject, row.rule, row.data, row.previous
        )
        yield link, row.hash


def head() -> tuple[int, str]:
    """Return (number of rows, hash of the last): what is published as the root."""
    found = JournalHead.objects.filter(id=1).first()
    return (found.seq, found.hash) if found else (0, START)


def chain_faults() -> Iterator[str]:
    """Yield a sentence for each fault in the stored chain."""
    return faults(_links(), head())


def events_of(subject: str) -> list[Link]:
    """Return what happened to one subject, oldest first."""
    rows = JournalRow.objects.filter(subject=subject).order_by("seq")
    return [Link(r.seq, r.at, r.actor, r.verb, r.subject, r.rule, r.data, r.previous) for r in rows]


def unsent_messages(limit: int = 200) -> list[str]:
    """Return the ids of messages that wait to be sent, oldest first."""
    waiting = Message.objects.filter(sent_at__isnull=True).order_by("at")
    return list(waiting.values_list("id", flat=True)[:limit])


def hash_at(seq: int) -> str:
    """Return the hash of a row; the start value for row 0, empty where there is no such row."""
    if seq == 0:
        return START
    return JournalRow.objects.filter(seq=seq).values_list("hash", flat=True).first() or ""
