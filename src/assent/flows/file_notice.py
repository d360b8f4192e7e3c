"""Take a takedown notice in: what it names is hidden in the same request, before anything else.

The person needs no account. The notice is one transaction: a receipt is given only when the case
and the hiding both stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assent.casework import queries as cases
from assent.casework import save as casework
from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.catalogue.queries import files_of
from assent.consent import save as consent
from assent.core.access import A_STRANGER
from assent.core.casework import (
    NoticeForm,
    Placement,
    Ruling,
    deadline,
    locate,
    notice_refusal,
)
from assent.core.settlement import Effects, Move
from assent.core.terms import CaseState, ItemState, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_case_number, new_item_id, new_key, new_pin
from assent.gateways.secrets import KEY_VERSION, file_digests, keyed_digest
from assent.journal.append import Event

HIDDEN = Ruling(Placement.HOLD, "takedown.hide_first", "hidden_on_request", "", "")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes away. The PIN is shown this once and stored only as a digest."""

    number: str
    pin: str
    received_at: datetime
    deadline: datetime
    hidden: int
    searching: bool


def file_notice(form: NoticeForm) -> Receipt:
    """Open a case and hide what the notice names, or refuse with what is missing."""
    # load
    at = clock.now()
    refusal = notice_refusal(form)
    if refusal:
        raise Refused(refusal)
    located = locate(form.where)
    with transaction.atomic():
        # think
        named = context.known_ids(located.ids)
        within = named[: _budget(at)]
        parts = context.entries_of(within)
        copies = context.exact_copies([*within, *parts])
        searching = bool(located.words) or len(within) < len(located.ids)
        # Locked, so that nothing which happens to an item meanwhile can refuse the notice.
        moves = _moves(catalogue.lock_all([*within, *parts, *copies]))
        # save
        pin = new_pin()
        case = _new_case(pin, at, searching=searching, hidden=bool(within))
        casework.add_case(case, form)
        casework.add_case_items(case.key, within, "named", at)
        casework.add_case_items(case.key, parts, "part", at)
        casework.add_case_items(case.key, copies, "copy", at)
        casework.add_decision(new_item_id(), HIDDEN, moves, actor=None, at=at, case=case.key)
        _stay_down([*within, *parts, *copies], case.key, at)
        opened = Event(
            "case.received", case.key, {"named": len(within), "copies": len(parts) + len(copies)}
        )
        effects = Effects(moves=moves)
        apply(effects, by=A_STRANGER, rule=HIDDEN.rule, at=at, events=(opened,))
    return Receipt(case.number, pin, at, case.deadline, len(within), searching)


def _budget(at: datetime) -> int:
    """How many items may still be hidden without a person looking: a brake on emptying the shop.
    What is beyond it goes to a person within the hour, never to a refusal."""
    lately = cases.hidden_since(at - timedelta(hours=1))
    left = settings.TAKEDOWN_HIDES_PER_HOUR - lately
    return max(0, min(settings.TAKEDOWN_HIDES_PER_NOTICE, left))


def _moves(found: dict[str, ItemState]) -> tuple[Move, ...]:
    return tuple(
        Move(item, state, ItemState.HIDDEN) for item, state in found.items() if not state.is_gone
    )


def _new_case(pin: str, at: datetime, *, searching: bool, hidden: bool) -> casework.NewCase:
    return casework.NewCase(
        new_key(),
        new_case_number(),
        keyed_digest("pin", pin),
        at,
        deadline(at, settings.TAKEDOWN_HOURS),
        CaseState.HIDDEN if hidden else CaseState.RECEIVED,
        searching,
    )


def _stay_down(item_ids: list[str], case_key: str, at: datetime) -> None:
    pairs = [p for f in files_of(item_ids) for p in file_digests(f.sha256, f.tensor_hash)]
    consent.add_staydown(pairs, case_key, KEY_VERSION, at)
