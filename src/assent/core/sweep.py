"""What a sweep does to each item, from its new ruling and the state that it is in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assent.core.casework import Placement, Ruling, is_legal
from assent.core.screening.policy import Policy
from assent.core.terms import ItemKind, ItemState, SubjectKind, SweepOutcome

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
    """Return the (before, after) moves that carry out an outcome: out of sight, and back into the
    queue where the item's life allows it. What is removed is hidden until the removals of the sweep
    are made final: until then the money waits and everything can be undone."""
    if result is SweepOutcome.KEPT or state in SETTLED_OUT:
        return ()
    hidden = ((state, ItemState.HIDDEN),)
    if result is SweepOutcome.REMOVED:
        return hidden
    if state is ItemState.HELD:
        return ()
    held = (state, ItemState.HELD)
    return (held,) if is_legal(kind, *held) else hidden


def moves_back(before: ItemState, after: ItemState) -> tuple[tuple[ItemState, ItemState], ...]:
    """Return the moves that undo a sweep's: by way of `hidden`, so that an item is not published
    anew but is what it was."""
    if after is ItemState.HIDDEN:
        return ((ItemState.HIDDEN, before),)
    return ((after, ItemState.HIDDEN), (ItemState.HIDDEN, before))


# Every listing has a sample picture. A picture is a clue beside others, and shows nobody by itself.
_NOTHING_ALONE = frozenset({"source_photos"})


def _speaks_for(signal: Mapping[str, Any]) -> bool:
    return signal.get("weight", 1.0) > 0 and signal.get("name") not in _NOTHING_ALONE


def may_serve(
    record: Mapping[str, Any] | None,
    screened_at: datetime | None,
    *,
    grant: str | None,
    announced_at: datetime,
    policy: Policy,
) -> bool:
    """Return whether an item without an outcome under an announced version may be served.

    `record` is its last verdict and `screened_at` when that was given. It may where it was screened
    under this very version since the announcement, or where its stored facts rule a likeness out:
    no grant, no person meant, no clue that speaks for one, and a probability that the new version
    calls none. No record, or an erased one, rules nothing out.
    """
    if not record or screened_at is None:
        return False
    if screened_at >= announced_at and record.get("policy") == policy.id:
        return True
    likeness = record.get("likeness")
    if grant is not None or not isinstance(likeness, Mapping):
        return False
    return (
        policy.level(float(likeness.get("probability", 1.0))) == "none"
        and likeness.get("subject_kind") == SubjectKind.NONE
        and not any(_speaks_for(signal) for signal in record.get("signals", ()))
    )
