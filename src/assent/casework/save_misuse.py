"""Writes what was found about requests plainly without ground."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.casework.models import MisuseFinding
from assent.casework.status import MOVED_ON
from assent.core.misuse import Step
from assent.core.terms import Refused


def propose(case_key: str, by: int, reason: str, at: datetime) -> None:
    """Keep a proposal, or refuse where there is one."""
    _, made = MisuseFinding.objects.get_or_create(
        case_id=case_key, defaults={"by_id": by, "reason": reason, "at": at}
    )
    if not made:
        raise Refused(MOVED_ON)


def drop(case_key: str) -> None:
    """Delete a proposal that nobody agreed to, or refuse."""
    if not MisuseFinding.objects.filter(case_id=case_key, agreed_at=None).delete()[0]:
        raise Refused(MOVED_ON)


def agree(
    case_key: str, by: int, sender: str, step: Step, at: datetime, until: datetime
) -> None:  # fmt: skip
    """A second person agrees; refuse where somebody was faster."""
    waiting = MisuseFinding.objects.filter(case_id=case_key, agreed_at=None)
    changes = {"agreed_by_id": by, "agreed_at": at, "sender": sender, "step": step, "until": until}
    if not waiting.update(**changes):
        raise Refused(MOVED_ON)


def object_to(case_key: str, text: str, at: datetime, answer_by: datetime) -> None:
    """Keep the sender's objection, or refuse where there is one, or nothing to object to."""
    told = MisuseFinding.objects.filter(
        case_id=case_key, agreed_at__isnull=False, objected_at=None, ended_at=None
    )
    if not told.update(objected_at=at, objection=text, answer_by=answer_by):
        raise Refused(MOVED_ON)


def answer(case_key: str, by: int, at: datetime, *, upheld: bool) -> None:
    """Answer an objection, or refuse where there is none; one that is right ends the finding."""
    waiting = MisuseFinding.objects.filter(
        case_id=case_key, objected_at__isnull=False, answered_at=None, ended_at=None
    )
    changes: dict[str, object] = {"answered_at": at, "answered_by_id": by, "upheld": upheld}
    if upheld:
        changes |= {"ended_at": at, "sender": ""}
    if not waiting.update(**changes):
        raise Refused(MOVED_ON)


def end(case_key: str, at: datetime) -> bool:
    """End a finding, and forget of whom it was; False where there was none that stood."""
    MisuseFinding.objects.filter(case_id=case_key, agreed_at=None).delete()
    rows = MisuseFinding.objects.filter(case_id=case_key, ended_at=None)
    return bool(rows.update(ended_at=at, sender=""))


def erase(case_key: str, at: datetime) -> None:
    """Delete its words, and end it: whoever erases what they told us is done with all of it."""
    end(case_key, at)
    MisuseFinding.objects.filter(case_id=case_key).update(reason="", objection="")


def forget(case_keys: Iterable[str]) -> int:
    """Delete what counts no more; return how many findings."""
    return MisuseFinding.objects.filter(case_id__in=list(case_keys)).delete()[0]
