"""A moderator who had no part in a decision answers an objection to it.

An appeal that is right publishes nothing by itself: the item goes to where a person decides, with
the credits that were reserved for it, and what no moderator may publish stays unpublished. So an
appeal never un-hides a likeness, neither while it is open nor by its answer.
"""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.casework.statements import UNKNOWN, AppealView, appeal
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Denied, may_use_queue
from assent.core.casework import Placement, Ruling
from assent.core.ledger import PledgeState
from assent.core.reasons.statement import Restriction
from assent.core.settlement import Effects, Move, PledgeFacts, Tell, pledging
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member, by_id

REASON_MAX = 2000
REVERSED = Ruling(
    Placement.HOLD,
    "appeal.reversed",
    "needs_review",
    "",
    "You objected and were right. A person now decides again.",
)
_SAME = Refusal(
    "second_person",
    "Somebody who had no part in the decision has to answer.",
    RefusalKind.NOT_ALLOWED,
)
_OWN = Refusal("own_item", "You cannot decide on your own item.", RefusalKind.NOT_ALLOWED)
_NO_REASON = Refusal(
    "check_the_form", "Say why, in at most 2,000 characters.",
    fields={"reason": "Say why, in at most 2,000 characters."},
)  # fmt: skip
_GONE = Refusal(
    "nothing_to_restore",
    "Its files are deleted, so it cannot come back. If the decision was wrong, say so in your "
    "reason and let them put it here again.",
    RefusalKind.CONFLICT,
)
_UNDER_NOTICE = Refusal(
    "takedown_open",
    "It was hidden by a takedown request. That case is decided first, by its own rules.",
    RefusalKind.CONFLICT,
)


def answer_appeal(moderator: Member, appeal_id: str, reason: str, *, reverse: bool) -> None:
    """Let a decision stand, or bring the item back to where a person decides; or refuse."""
    at = clock.now()
    found = _mine_to_answer(moderator, appeal_id)
    if not 0 < len(reason.strip()) <= REASON_MAX:
        raise Refused(_NO_REASON)
    item = found.statement.facts.item
    with transaction.atomic():
        require_mine_or_free(f"appeal:{appeal_id}", moderator.id, at)
        catalogue.lock_any(item)
        answers.answer_appeal(appeal_id, moderator.id, reason.strip(), at, reverse=reverse)
        effects = _restored(found) if reverse else Effects()
        if reverse:
            casework.add_decision(
                new_item_id(), REVERSED, effects.moves, actor=moderator.id, at=at, item=item
            )
        kind = found.statement.facts.kind
        told = Tell(found.by, "appeal_answered", {"item": item, "kind": kind})
        event = Event("appeal.answered", appeal_id, {"reversed": reverse})
        by = Actor(moderator.key, moderator.id)
        apply(
            effects + Effects(messages=(told,)),
            by=by, rule="appeal.answered", at=at, events=(event,),
        )  # fmt: skip


def _mine_to_answer(moderator: Member, appeal_id: str) -> AppealView:
    answer = may_use_queue(moderator.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    found = appeal(appeal_id)
    if found is None:
        raise Refused(UNKNOWN)
    if found.by == moderator.id:
        raise Refused(_OWN)
    if found.decider == moderator.id:
        raise Refused(_SAME)
    return found


def _restored(found: AppealView) -> Effects:
    facts = found.statement.facts
    if facts.rule.startswith("takedown."):
        raise Refused(_UNDER_NOTICE)
    if found.statement.restriction is Restriction.REMOVED or facts.code == "file_not_taken":
        raise Refused(_GONE)
    moved = Effects(moves=(Move(facts.item, facts.after, ItemState.HELD),))
    if facts.kind is not ItemKind.BOUNTY:
        return moved
    return moved + _reserved_again(facts.item, found.by)


def _reserved_again(bounty: str, requester: int) -> Effects:
    """A bounty comes back with its requester's own credits reserved, as it was held before."""
    live = (PledgeState.PENDING, PledgeState.HELD)
    if any(p.state in live for p in queries.pledges_of(bounty)):
        return Effects()
    who = by_id(requester)
    amount = queries.bounty(who.person, bounty).credits
    return pledging(PledgeFacts(new_item_id(), bounty, who.party, amount, PledgeState.PENDING))
