"""Writes how a case goes on: warnings of its clock, proposals to turn it down, its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from assent.casework.models import (
    Appeal,
    Case,
    CaseNote,
    Complaint,
    Effect,
    Notice,
    Proposal,
    Report,
    SentStatement,
    Suspension,
    WorkLease,
)
from assent.casework.status import MOVED_ON
from assent.core.notices import Ground
from assent.core.reports import ReportForm
from assent.core.terms import Refused


def settle(case_key: str, outcome: str, ground: Ground | None = None) -> None:
    """Write how a case was decided."""
    Case.objects.filter(id=case_key).update(outcome=outcome, ground=ground or "", triage_by=None)


def propose(case_key: str, by: int, ground: Ground, at: datetime) -> None:
    """Keep a proposal to turn a request down; it replaces one that nobody agreed with."""
    Proposal.objects.filter(case_id=case_key, agreed_at=None).delete()
    Proposal.objects.create(case_id=case_key, by_id=by, ground=ground, at=at)


def agree(proposal_id: int, by: int, at: datetime) -> None:
    """A second person agrees; refuse if the proposal is gone or agreed to."""
    waiting = Proposal.objects.filter(id=proposal_id, agreed_at=None)
    if not waiting.update(agreed_by_id=by, agreed_at=at):
        raise Refused(MOVED_ON)


def add_complaint(case_key: str, text: str, at: datetime, deadline: datetime) -> None:
    """Keep a complaint, or refuse where one is open."""
    try:
        with transaction.atomic():
            Complaint.objects.create(case_id=case_key, at=at, text=text, deadline=deadline)
    except IntegrityError as error:
        raise Refused(MOVED_ON) from error


def answer_complaint(case_key: str, by: int, at: datetime, *, upheld: bool) -> None:
    """Answer a case's open complaint, or refuse where there is none."""
    waiting = Complaint.objects.filter(case_id=case_key, answered_at=None)
    if not waiting.update(answered_at=at, answered_by_id=by, upheld=upheld):
        raise Refused(MOVED_ON)


def complete(
    case_key: str, relation: str | None, signature: str | None, missing: Iterable[str]
) -> None:
    """Keep what a notice left out at first; None leaves as it is."""
    told = {"relation": relation, "signature": signature}
    Notice.objects.filter(case_id=case_key).update(**{k: v for k, v in told.items() if v})
    Case.objects.filter(id=case_key).update(missing=list(missing))


def look_by(case_key: str, at: datetime) -> None:
    """Note until when somebody must have looked at what did not hide by itself, which it does then;
    the first such moment stays."""
    waiting = Case.objects.filter(id=case_key, triage_by=None)
    waiting.update(triage_by=at, hides_later=True)


def looked(case_key: str) -> bool:
    """Note that somebody looked, or that all is hidden; False where that was noted."""
    waiting = Case.objects.filter(id=case_key, triage_by__isnull=False)
    return bool(waiting.update(triage_by=None, hides_later=False))


def leave_to_people(case_key: str) -> None:
    """Note that nothing more hides by itself in a case: the rest is for somebody to look at."""
    Case.objects.filter(id=case_key).update(hides_later=False)


def look_late(case_key: str) -> bool:
    """Note that nobody looked in time; False where that was noted."""
    return bool(Case.objects.filter(id=case_key, look_late=False).update(look_late=True))


def reopen(case_key: str, deadline: datetime) -> None:
    """Start a decided case's clock again after a complaint that was right."""
    Case.objects.filter(id=case_key).update(
        decided_at=None, outcome="", ground="", deadline=deadline, alerted=0
    )


def erase(case_key: str, number: str, at: datetime) -> None:
    """Delete all that the person told us. What is left is the random key, times and counts under a
    new number that nobody was given: the old one and the PIN open nothing any more."""
    Notice.objects.filter(case_id=case_key).delete()
    CaseNote.objects.filter(case_id=case_key).delete()
    Complaint.objects.filter(case_id=case_key).update(text="")
    Case.objects.filter(id=case_key).update(
        number=number, pin_digest="", language="", erased_at=at, confirmed_at=None,
        under_18=False, intimate=False, danger=False, missing=[],
    )  # fmt: skip


def mark_minor(case_key: str) -> bool:
    """Note that the person shown may be under 18; False if that was known."""
    return bool(Case.objects.filter(id=case_key, under_18=False).update(under_18=True))


def set_contact(case_key: str, contact: Mapping[str, str]) -> None:
    """Replace how the person is reached, sealed as it was given; nobody has confirmed it yet."""
    Notice.objects.filter(case_id=case_key).update(contact=dict(contact))
    Case.objects.filter(id=case_key).update(confirmed_at=None)


def confirm(case_key: str, at: datetime) -> bool:
    """Note that the person is reached by the address they gave; False if that was known."""
    return bool(Case.objects.filter(id=case_key, confirmed_at=None).update(confirmed_at=at))


def add_note(case_key: str, text: str, by: int | None, at: datetime) -> None:
    """Put a word of the person's or of a case worker's into the box of a case."""
    CaseNote.objects.create(case_id=case_key, text=text, by_id=by, at=at)


def add_appeal(
    appeal_id: str, effect: int, by: int, text: str, at: datetime, deadline: datetime
) -> None:
    """Keep an appeal, or refuse where one is open."""
    try:
        with transaction.atomic():
            Appeal.objects.create(
                id=appeal_id, effect_id=effect, by_id=by, at=at, deadline=deadline, text=text
            )
    except IntegrityError as error:
        raise Refused(MOVED_ON) from error


def answer_appeal(appeal_id: str, by: int, reason: str, at: datetime, *, reverse: bool) -> None:
    """Answer an open appeal, or refuse where somebody was faster."""
    waiting = Appeal.objects.filter(id=appeal_id, answered_at=None)
    changes = {"answered_at": at, "answered_by_id": by, "reversed": reverse, "reason": reason}
    if not waiting.update(**changes):
        raise Refused(MOVED_ON)


def told(effect: int, at: datetime) -> bool:
    """Note that an owner was told of what a notice hid; False where that was noted already."""
    return bool(Effect.objects.filter(id=effect, told_at=None).update(told_at=at))


def warned(case_key: str, before: int, mark: int) -> bool:
    """Note that the clock passed a mark; False where somebody else noted it first."""
    return bool(Case.objects.filter(id=case_key, alerted=before).update(alerted=mark))


def explain_late(case_key: str, why: str) -> None:
    """Note why a case's clock was missed, or refuse where that was noted."""
    if not Case.objects.filter(id=case_key, late_because="").update(late_because=why):
        raise Refused(MOVED_ON)


def note_sent(puids: Iterable[str], at: datetime, *, taken: bool) -> None:
    """Note that statements were sent to the EU's database, and whether it took them."""
    rows = [SentStatement(puid=puid, at=at, taken=taken) for puid in puids]
    SentStatement.objects.bulk_create(rows, ignore_conflicts=True)


def count_blocked(case_keys: Iterable[str]) -> None:
    """Count a re-upload that was stopped."""
    Case.objects.filter(id__in=list(case_keys)).update(blocked=F("blocked") + 1)


def add_report(
    report_id: str, number: str, pin_digest: str, form: ReportForm, by: int | None,
    at: datetime, deadline: datetime,
) -> None:  # fmt: skip
    """Insert a report."""
    Report.objects.create(
        id=report_id, number=number, pin_digest=pin_digest, item_id=form.item, kind=form.kind,
        by_id=by, at=at, deadline=deadline, details=dict(form.details),
    )  # fmt: skip


def answer_report(report_id: str, by: int, at: datetime, *, upheld: bool) -> None:
    """Answer a report, or refuse where somebody was faster."""
    waiting = Report.objects.filter(id=report_id, answered_at=None)
    if not waiting.update(answered_at=at, answered_by_id=by, upheld=upheld):
        raise Refused(MOVED_ON)


def suspend(suspension_id: str, member: int, at: datetime, until: datetime) -> None:
    """Insert a suspension; one is open at a time."""
    Suspension.objects.create(id=suspension_id, member_id=member, began_at=at, until=until)


def suspend_until(suspension_id: str, until: datetime) -> None:
    """Change how long a suspension lasts."""
    Suspension.objects.filter(id=suspension_id).update(until=until)


def end_suspension(suspension_id: str, at: datetime) -> None:
    """End a suspension: its time is over, or its ground."""
    Suspension.objects.filter(id=suspension_id, ended_at=None).update(ended_at=at)


def take(subject: str, holder: int, until: datetime, at: datetime) -> bool:
    """Give a piece of work to somebody for a while; False where somebody else has it."""
    WorkLease.objects.bulk_create(
        [WorkLease(subject=subject, holder_id=holder, until=at)], ignore_conflicts=True
    )
    free = Q(holder_id=holder) | Q(until__lte=at)
    rows = WorkLease.objects.filter(free, subject=subject)
    return bool(rows.update(holder_id=holder, until=until))


def give_up(subject: str, holder: int) -> bool:
    """Let go of a piece of work; False where somebody else has it."""
    return bool(WorkLease.objects.filter(subject=subject, holder_id=holder).delete()[0])
