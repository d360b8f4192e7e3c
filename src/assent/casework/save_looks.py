"""Writes decisions on several items, reviews of quality, second opinions, and what staff saw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from assent.casework.models import (
    BulkDecision,
    BulkItem,
    Exposure,
    QualityReview,
    SecondOpinion,
)
from assent.casework.status import MOVED_ON
from assent.core.bulk import Pledged
from assent.core.casework import Placement
from assent.core.terms import Refusal, RefusalKind, Refused

_WORDS_MAX = 300
_ASKED = Refusal(
    "opinion_asked",
    "A second opinion on this was asked for already. Answer it, or wait for the answer.",
    RefusalKind.CONFLICT,
)


def begin_bulk(bulk_id: str, by: int, at: datetime, *, approve: bool) -> None:
    """Insert a decision on several items, none of which is decided yet."""
    BulkDecision.objects.create(id=bulk_id, by_id=by, at=at, approve=approve)


def add_bulk_item(
    bulk_id: str, item: str, *, decision: str | None, pledges: Iterable[Pledged], skipped: str = ""
) -> None:
    """Insert an item of it: decided, with what happened to its pledges, or skipped and why."""
    BulkItem.objects.create(
        bulk_id=bulk_id,
        item_id=item,
        decision_id=decision,
        pledges=[[p.id, p.before, p.after] for p in pledges],
        skipped=skipped[:_WORDS_MAX],
    )


def end_bulk(bulk_id: str, at: datetime) -> None:
    """Note that it is undone, or refuse where it was."""
    if not BulkDecision.objects.filter(id=bulk_id, undone_at=None).update(undone_at=at):
        raise Refused(MOVED_ON)


def end_bulk_item(bulk_id: str, item: str, at: datetime | None, left: str = "") -> None:
    """Note when an item of it was brought back, or why it was left."""
    rows = BulkItem.objects.filter(bulk_id=bulk_id, item_id=item)
    rows.update(undone_at=at, left=left[:_WORDS_MAX])


def draw(decision: str, at: datetime) -> None:
    """Note that a decision was drawn for somebody else to look at."""
    QualityReview.objects.create(decision_id=decision, drawn_at=at)


def undraw(decision: str) -> None:
    """A decision was taken back, so that nobody has to look at it; one that was looked at stays."""
    QualityReview.objects.filter(decision_id=decision, at=None).delete()


def review(decision: str, by: int, placement: Placement, at: datetime) -> None:
    """Keep what the second person would have decided, or refuse where somebody else was first."""
    waiting = QualityReview.objects.filter(decision_id=decision, at=None)
    if not waiting.update(by_id=by, placement=placement, at=at):
        raise Refused(MOVED_ON)


def ask(opinion_id: str, item: str, by: int, question: str, at: datetime) -> None:
    """Insert a question to colleagues, or refuse where one is open about this item."""
    try:
        with transaction.atomic():
            SecondOpinion.objects.create(
                id=opinion_id, item_id=item, asked_by_id=by, question=question, at=at
            )
    except IntegrityError as error:
        raise Refused(_ASKED) from error


def answer(opinion_id: str, by: int, leaning: str, words: str, at: datetime) -> None:
    """Answer a question, or refuse where it was answered or taken back."""
    waiting = SecondOpinion.objects.filter(id=opinion_id, ended_at=None)
    if not waiting.update(ended_at=at, answered_by_id=by, leaning=leaning, answer=words):
        raise Refused(MOVED_ON)


def take_back(opinion_id: str, at: datetime) -> None:
    """End a question that nobody answered, or refuse where it has ended."""
    if not SecondOpinion.objects.filter(id=opinion_id, ended_at=None).update(ended_at=at):
        raise Refused(MOVED_ON)


def note_pictures(member: int, item: str, today: date) -> None:
    """Note that somebody opened an item with pictures; what they opened before today goes."""
    Exposure.objects.filter(member_id=member, day__lt=today).delete()
    row = Exposure(member_id=member, day=today, item_id=item)
    Exposure.objects.bulk_create([row], ignore_conflicts=True)
