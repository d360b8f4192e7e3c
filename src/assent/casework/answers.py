"""Writes how a case goes on: warnings of its clock, proposals to turn it down, its outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from assent.casework.models import Case, Proposal
from assent.casework.status import MOVED_ON
from assent.core.notices import Ground
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


def warned(case_key: str, before: int, mark: int) -> bool:
    """Note that the clock passed a mark; False where somebody else noted it first."""
    return bool(Case.objects.filter(id=case_key, alerted=before).update(alerted=mark))


def count_blocked(case_keys: Iterable[str]) -> None:
    """Count a re-upload that was stopped."""
    Case.objects.filter(id__in=list(case_keys)).update(blocked=F("blocked") + 1)
