"""The money that hangs on what is removed for good."""

from __future__ import annotations

from collections.abc import Iterable

from assent.catalogue import context, queries
from assent.core.sales import returning
from assent.core.settlement import Effects, stopping
from assent.core.terms import ItemKind
from assent.ledger.queries import payouts_of_bounty
from assent.ledger.sales import waiting_in


def stopped(removed: Iterable[tuple[str, ItemKind]]) -> Effects:
    """Stop what a removed bounty still owes, and what a removed entry was about to be paid; and
    give back what buyers of a removed listing paid, where it still waits."""
    by_kind: dict[ItemKind, set[str]] = {kind: set() for kind in ItemKind}
    for item_id, kind in removed:
        by_kind[kind].add(item_id)
    bounties, entries = by_kind[ItemKind.BOUNTY], by_kind[ItemKind.ENTRY]
    effects = returning(waiting_in(sorted(by_kind[ItemKind.LISTING])))
    for bounty_id in sorted(bounties):
        effects += stopping(payouts_of_bounty(bounty_id), queries.pledges_of(bounty_id))
    for bounty_id in sorted(context.bounties_of(entries) - bounties):
        payouts = [p for p in payouts_of_bounty(bounty_id) if p.entry in entries]
        waiting = {p.pledge for p in payouts}
        effects += stopping(payouts, [p for p in queries.pledges_of(bounty_id) if p.id in waiting])
    return effects
