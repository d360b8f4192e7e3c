"""What keeps an item out of a decision on several: one list for the preview and for the deed."""

from __future__ import annotations

from datetime import datetime

from assent.casework.waiting import under_notice
from assent.catalogue.context import ScanContext
from assent.core.bulk import Outlook, Pick
from assent.core.ledger import PledgeState
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.held import (
    hits_of,
    mark_of,
    pledges_behind,
    refused_approval,
    require_may_decide,
)
from assent.people.queries import Member

_ON_ITS_OWN = Refusal(
    "takedown_open",
    "A takedown request is about it or about the same file. It is decided by itself, by somebody "
    "who looks at it.",
    RefusalKind.CONFLICT,
)
_CHANGED = Refusal(
    "item_changed",
    "It changed since you looked at it.",
    RefusalKind.CONFLICT,
)
_LIVE = (PledgeState.PENDING, PledgeState.HELD)


def require_fit(moderator: Member, found: ScanContext, pick: Pick) -> None:
    """Refuse what is never decided together with others, and what is not what was looked at."""
    require_may_decide(moderator, found.item.id)
    if is_about_a_takedown(found):
        raise Refused(_ON_ITS_OWN)
    if mark_of(found) != pick.mark:
        raise Refused(_CHANGED)


def is_about_a_takedown(found: ScanContext) -> bool:
    """Whether a likeness is behind it that somebody asked to have taken down: it belongs to a case,
    or has the same file as something that does."""
    return under_notice(found.item.id) or bool(hits_of(found))


def outlook(found: ScanContext, barred: Refusal | None, at: datetime) -> Outlook:
    """Return what a decision would do to an item either way; `barred` says why neither can."""
    if barred is None and is_about_a_takedown(found):
        barred = _ON_ITS_OWN
    publish = barred or refused_approval(found, at)
    credits_ = sum(p.amount for p in pledges_behind(found) if p.state in _LIVE)
    return Outlook(found.item.id, mark_of(found), publish, barred, credits_)
