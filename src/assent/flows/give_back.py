"""Turn a takedown request down: one case worker proposes it, another one agrees, and what was
hidden by mistake comes back."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.consent import save as consent
from assent.consent.save_protected import settle_protected
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.notices import UNDECIDED, Ground
from assent.core.settlement import Effects, Move, Tell
from assent.core.standing import Line, Said
from assent.core.terms import CaseState, ItemState, Refusal, RefusalKind, Refused, Role
from assent.effects.apply import apply
from assent.gateways import clock, standing
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

TURNED_DOWN = Ruling(Placement.PUBLISH, "takedown.turned_down", "turned_down", "", "")
_SAME = Refusal(
    "second_person",
    "Somebody else has to agree before a request is turned down.",
    RefusalKind.NOT_ALLOWED,
)
_OWN = Refusal("own_item", "You cannot decide on your own item.", RefusalKind.NOT_ALLOWED)
_OPERATOR = Refusal(
    "operator_agrees",
    "This request is about somebody who may be under 18. An operator has to agree.",
    RefusalKind.NOT_ALLOWED,
)
_NO_PROPOSAL = Refusal(
    "no_proposal", "Nobody proposes to turn this request down.", RefusalKind.CONFLICT
)


def propose_refusal(moderator: Member, number: str, ground: Ground) -> None:
    """Propose to turn a request down on one of the four grounds; what is hidden stays hidden."""
    at = clock.now()
    file = cases.case_file(moderator.person, number)
    key = file.status.key
    if any(i.owner == moderator.id for i in file.items):
        raise Refused(_OWN)
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        casework.move_case(key, UNDECIDED, CaseState.IN_REVIEW, at)
        answers.propose(key, moderator.id, ground, at)
        event = Event("case.refusal_proposed", key, {"ground": ground})
        by = Actor(moderator.key, moderator.id)
        apply(Effects(), by=by, rule=TURNED_DOWN.rule, at=at, events=(event,))


def agree_to_refusal(moderator: Member, number: str) -> int:
    """Agree with a colleague's proposal: items return to the states that they were hidden in, and
    their hashes are forgotten. Return how many came back, or refuse."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        # load
        casework.move_case(key, UNDECIDED, CaseState.DECIDED, at)
        file = cases.case_file(moderator.person, number)
        proposal = cases.proposal(key)
        # think
        if proposal is None:
            raise Refused(_NO_PROPOSAL)
        if proposal.by == moderator.id:
            raise Refused(_SAME)
        if file.status.under_18 and moderator.role is not Role.OPERATOR:
            raise Refused(_OPERATOR)
        if any(i.owner == moderator.id for i in file.items):
            raise Refused(_OWN)
        elsewhere = cases.in_other_open_cases(key)
        back = [
            i
            for i in file.items
            if i.state is ItemState.HIDDEN and i.before and i.id not in elsewhere
        ]
        moves = tuple(Move(i.id, ItemState.HIDDEN, i.before) for i in back if i.before)
        # save
        answers.agree(proposal.id, moderator.id, at)
        answers.settle(key, TURNED_DOWN.code, proposal.ground)
        casework.add_decision(
            new_item_id(), TURNED_DOWN, moves, actor=moderator.id, at=at, case=key
        )
        consent.settle_staydown(key, removed=False)
        line = Line(Said.BACK, key, tuple(i.id for i in file.items))
        transaction.on_commit(partial(standing.note, line), robust=True)
        settle_protected(key, stands=False)
        decided = Event("case.decided", key, {"given_back": len(moves), "ground": proposal.ground})
        by = Actor(moderator.key, moderator.id)
        told = (Tell(None, "case_turned_down", case=key),)
        effects = Effects(moves=moves, messages=told)
        apply(effects, by=by, rule=TURNED_DOWN.rule, at=at, events=(decided,))
    return len(moves)
