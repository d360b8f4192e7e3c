"""A moderator answers a report: the item is hidden, with a statement of reasons to its owner, or it
stays. Hiding can be undone by an objection that is right."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers, reports
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.catalogue import save as catalogue
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.settlement import Effects, Move, Tell
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

_OWN = Refusal("own_item", "You cannot decide on your own item.", RefusalKind.NOT_ALLOWED)


def answer_report(moderator: Member, number: str, *, upheld: bool) -> None:
    """Hide what was reported, or leave it; tell whoever reported. Or refuse."""
    at = clock.now()
    found = reports.report(moderator.person, number)
    if moderator.id in (found.owner, found.by):
        raise Refused(_OWN)
    with transaction.atomic():
        require_mine_or_free(f"report:{number.upper()}", moderator.id, at)
        (state,) = catalogue.lock_all([found.item]).values()
        answers.answer_report(found.id, moderator.id, at, upheld=upheld)
        effects = Effects()
        if upheld and not state.is_gone:
            moves = (Move(found.item, state, ItemState.HIDDEN),)
            ruling = Ruling(Placement.HOLD, "report.upheld", found.status.kind.code, "", "")
            casework.add_decision(
                new_item_id(), ruling, moves, actor=moderator.id, at=at, item=found.item
            )
            owner = Tell(found.owner, "hidden", {"about": found.item, "kind": found.item_kind})
            effects = Effects(moves=moves, messages=(owner,))
        if found.by is not None:
            told = Tell(found.by, "report_answered", {"about": found.item})
            effects += Effects(messages=(told,))
        event = Event("report.answered", found.id, {"upheld": upheld})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule="report.answered", at=at, events=(event,))
