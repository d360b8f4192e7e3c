"""Writes removal notices to and from other marketplaces."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from assent.casework.models import ReceivedRemoval, SentRemoval
from assent.core.removals import REPLAYED, Sent
from assent.core.terms import Refused


def queue(removals: Iterable[tuple[str, str, list[str]]], case_key: str, at: datetime) -> None:
    """Insert notices, each (id, recipient, hashes), to be sent as soon as the worker can."""
    SentRemoval.objects.bulk_create(
        SentRemoval(
            id=key, recipient=recipient, case=case_key, at=at, hashes=hashes, count=len(hashes),
            state=Sent.WAITING, next_at=at, moved_at=at,
        )
        for key, recipient, hashes in removals
    )  # fmt: skip


def tried(removal_id: str, tries: int, answer: str, at: datetime, next_at: datetime) -> None:
    """Note that a notice was not taken yet, and when it is tried again."""
    SentRemoval.objects.filter(id=removal_id, state=Sent.WAITING).update(
        tries=tries, answer=answer, moved_at=at, next_at=next_at
    )


def settle(removal_id: str, state: Sent, tries: int, answer: str, at: datetime) -> bool:
    """Note how the sending of a notice ended; its hashes are forgotten. False where that was
    noted."""
    rows = SentRemoval.objects.filter(id=removal_id, state=Sent.WAITING)
    changes = {"state": state, "tries": tries, "answer": answer, "moved_at": at}
    return bool(rows.update(**changes, hashes=[], next_at=None))


def stop(case_key: str, at: datetime) -> int:
    """Stop what waits to be sent for a case; return how many notices."""
    rows = SentRemoval.objects.filter(case=case_key, state=Sent.WAITING)
    return rows.update(state=Sent.STOPPED, hashes=[], next_at=None, moved_at=at)


def take(sender: str, number: str, digest: str, count: int, case_key: str, at: datetime) -> None:
    """Note that a notice was taken, or refuse where one with its number was."""
    try:
        with transaction.atomic():
            ReceivedRemoval.objects.create(
                sender=sender, number=number, digest=digest, count=count, case=case_key, at=at
            )
    except IntegrityError as error:
        raise Refused(REPLAYED) from error
