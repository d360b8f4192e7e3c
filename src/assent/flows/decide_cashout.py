"""A person approves a cash-out, or refuses it with a reason; nobody decides on their own."""

from __future__ import annotations

from django.db import transaction

from assent.casework.leases import require_mine_or_free
from assent.core.access import Actor, Denied, may_use_queue
from assent.core.cashouts import CashoutState, settling
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.ledger import cashouts
from assent.ledger import save_cashouts as save
from assent.ledger.cashouts import CashoutView
from assent.people.queries import Member

_NOT_FOUND = Refusal("not_found", "There is no such cash-out.", RefusalKind.NOT_FOUND)
_DECIDED = Refusal("cashout_decided", "This cash-out was decided already.", RefusalKind.CONFLICT)
_OWN = Refusal("own_item", "This is your own. Somebody else decides.", RefusalKind.NOT_ALLOWED)
_WHY = "Say why, in a sentence: the member reads it."
_REASON = Refusal("check_the_form", _WHY, fields={"reason": _WHY})
_TAKEN_DOWN = Refusal(
    "earnings_frozen",
    "More was earned with work that is under a takedown than stays in the wallet. "
    "Refuse it, or wait for the takedown.",
    RefusalKind.CONFLICT,
)


def decide_cashout(by: Member, cashout_id: str, *, approve: bool, reason: str = "") -> None:
    """Approve a cash-out, so that the worker sends it, or refuse it and put everything back."""
    at = clock.now()
    answer = may_use_queue(by.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    with transaction.atomic():
        require_mine_or_free(f"cashout:{cashout_id}", by.id, at)
        found = cashouts.cashout(cashout_id, lock=True)
        if found is None:
            raise Refused(_NOT_FOUND)
        if found.owner == by.id:
            raise Refused(_OWN)
        if found.state is not CashoutState.ASKED:
            raise Refused(_DECIDED)
        if approve and not cashouts.covered(found.owner):
            raise Refused(_TAKEN_DOWN)
        if not approve and not reason.strip():
            raise Refused(_REASON)
        state = CashoutState.APPROVED if approve else CashoutState.REFUSED
        save.decide(found.id, state, by.id, reason.strip(), at)
        effects = Effects() if approve else _refused(found, reason.strip())
        event = Event("cashout.moved", found.id, {"state": state})
        apply(effects, by=Actor(by.key, by.id), rule="moderator.cashout", at=at, events=(event,))


def _refused(found: CashoutView, reason: str) -> Effects:
    told = Tell(found.owner, "cashout_refused", {"credits": found.credits, "reason": reason})
    return Effects(resolutions=settling(found.id, paid=False), messages=(told,))
