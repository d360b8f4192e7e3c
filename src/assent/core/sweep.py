"""What a sweep does to each item, from its new ruling and the state that it is in."""

from __future__ import annotations

from assent.core.casework import Placement, Ruling, is_legal
from assent.core.terms import ItemKind, ItemState, SweepOutcome

# These hold nothing that anybody is served, so a new ruling changes nothing about them.
SETTLED_OUT = frozenset(
    {
        ItemState.DRAFT,
        ItemState.REFUSED,
        ItemState.CANCELLED,
        ItemState.WITHDRAWN,
        ItemState.HIDDEN,
        ItemState.REMOVED,
    }
)


def outcome(state: ItemState, ruling: Ruling, *, covered: bool = False) -> SweepOutcome:
    """Return where the sweep leaves an item: doubt is `needs_review`, and nothing that needs
    review stays visible. What is public under a grant that still covers it was looked at by a
    person already, and is kept."""
    if state is ItemState.REMOVED:
        return SweepOutcome.REMOVED
    if state in SETTLED_OUT or ruling.placement is Placement.PUBLISH:
        return SweepOutcome.KEPT
    if covered and state.is_public and ruling.placement is Placement.HOLD:
        return SweepOutcome.KEPT
    if ruling.placement is Placement.HOLD or state is ItemState.HELD:
        return SweepOutcome.NEEDS_REVIEW
    return SweepOutcome.REMOVED


def moves_for(
    kind: ItemKind, state: ItemState, result: SweepOutcome
) -> tuple[tuple[ItemState, ItemState], ...]:
    """Return the (before, after) moves that carry out an outcome: out of sight before anything
    else, and back into the queue where the item's life allows it."""
    if result is SweepOutcome.KEPT or state in SETTLED_OUT:
        return ()
    if result is SweepOutcome.REMOVED:
        return ((state, ItemState.HIDDEN), (ItemState.HIDDEN, ItemState.REMOVED))
    if state is ItemState.HELD:
        return ()
    held = (state, ItemState.HELD)
    return (held,) if is_legal(kind, *held) else ((state, ItemState.HIDDEN),)
