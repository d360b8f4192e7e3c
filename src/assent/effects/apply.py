"""Writes down the effects that core thought of, inside the flow's transaction.

Order matters: item states first (compare-and-set, so that a lost race rolls everything back before
money is touched), then pledges, sales, credits, payouts, messages, and the journal last, because
its head row is the lock that all writers share.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from assent.catalogue import save as catalogue
from assent.core.access import Actor
from assent.core.casework import Ruling
from assent.core.settlement import Effects
from assent.effects.watchers import told_of
from assent.gateways.keys import new_item_id
from assent.journal import save as journal
from assent.journal.append import Event, append
from assent.ledger import post, save_sales
from assent.ledger import save as ledger


def apply(
    effects: Effects, *, by: Actor, rule: str, at: datetime, events: tuple[Event, ...] = ()
) -> None:
    """Write every effect and a journal row for each; must run inside a transaction."""
    assert connection.in_atomic_block, "effects are written inside the flow's transaction"
    for move in effects.moves:
        catalogue.move(move.item, move.before, move.after, at)
    for pledge in effects.new_pledges:
        catalogue.add_pledge(pledge, at)
    for pledge_id, was, becomes in effects.pledge_moves:
        catalogue.move_pledge(pledge_id, was, becomes)
    for sale in effects.new_sales:
        save_sales.add_sale(sale, at)
    for sale_id, stood, stands in effects.sale_moves:
        save_sales.move_sale(sale_id, stood, stands, at)
    post.resolve(effects.resolutions, at)
    post.pay(effects.payments, at)
    for payout in effects.new_payouts:
        ledger.add_payout(payout)
    for payout_id, waited, settled in effects.payout_moves:
        ledger.move_payout(payout_id, waited, settled)
    told = (*effects.messages, *told_of(effects.moves, by.id))
    journal.add_messages({new_item_id(): message for message in told}, at)
    catalogue.index_words_of(_worded(effects, events))
    append((*events, *_events(effects)), actor=by.key, rule=rule, at=at)


def _worded(effects: Effects, events: tuple[Event, ...]) -> set[str]:
    """The items whose words are new to the public: what was just ruled on, or let out."""
    shown = {m.item for m in effects.moves if m.after.is_public and not m.before.is_public}
    return shown | {e.subject for e in events if e.verb == "item.ruled"}


def ruled(item: str, ruling: Ruling) -> Event:
    """The journal event of a ruling: codes only, never a word that somebody wrote."""
    return Event(
        "item.ruled",
        item,
        {"placement": ruling.placement, "code": ruling.code, "policy": ruling.policy},
    )


def _events(effects: Effects) -> list[Event]:
    moved = [
        Event("item.moved", m.item, {"before": m.before, "after": m.after}) for m in effects.moves
    ]
    paid = [
        Event(
            "credits.pending" if p.pending else "credits.moved",
            p.subject,
            {"key": p.key, "amount": p.amount, "cause": p.cause},
        )
        for p in effects.payments
    ]
    settled = [
        Event(
            "credits.resolved",
            r.pending_key.rsplit(":", 1)[-1],
            {"key": r.pending_key, "how": r.kind},
        )
        for r in effects.resolutions
    ]
    return moved + settled + paid
