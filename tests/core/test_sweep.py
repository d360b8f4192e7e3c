"""What a sweep does to an item: doubt hides, and a person's earlier look is respected."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assent.core.casework import MOVES, Placement, Ruling, is_legal
from assent.core.sweep import SETTLED_OUT, moves_back, moves_for, outcome
from assent.core.terms import ItemKind, ItemState, SweepOutcome

S, P, O = ItemState, Placement, SweepOutcome  # noqa: E741


def ruling(placement: Placement) -> Ruling:
    return Ruling(placement, "rule", "code", "policy", "sentence")


# Rows: where the item is. Columns: what the new ruling says. One letter for what comes out.
LETTERS = {"k": O.KEPT, "r": O.REMOVED, "?": O.NEEDS_REVIEW}
TABLE = """
              publish hold refuse   held-and-covered
draft         k       k    k        k
held          k       ?    ?        ?
open          k       ?    r        k
closed        k       ?    r        k
settled       k       ?    r        k
published     k       ?    r        k
awarded       k       ?    r        k
declined      k       ?    r        k
refused       k       k    k        k
cancelled     k       k    k        k
withdrawn     k       k    k        k
hidden        k       k    k        k
removed       r       r    r        r
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()[1:]}


@pytest.mark.parametrize("state", S)
def test_every_state_and_ruling_has_its_outcome(state: ItemState) -> None:
    found = [outcome(state, ruling(p)) for p in (P.PUBLISH, P.HOLD, P.REFUSE)]
    found.append(outcome(state, ruling(P.HOLD), covered=True))
    assert found == [LETTERS[letter] for letter in ROWS[state]]


@pytest.mark.parametrize("state", S)
def test_a_grant_never_softens_a_refusal(state: ItemState) -> None:
    assert outcome(state, ruling(P.REFUSE), covered=True) == outcome(state, ruling(P.REFUSE))


def states_of(kind: ItemKind) -> set[ItemState]:
    return {state for move in MOVES[kind] for state in move}


@pytest.mark.parametrize("kind", ItemKind)
@pytest.mark.parametrize("result", O)
def test_the_moves_are_legal_and_nothing_doubtful_stays_visible(
    kind: ItemKind, result: SweepOutcome
) -> None:
    for state in states_of(kind) - SETTLED_OUT:
        moves = moves_for(kind, state, result)
        assert all(is_legal(kind, *move) for move in moves)
        assert all(a[1] is b[0] for a, b in pairwise(moves))
        ends_in = moves[-1][1] if moves else state
        if result is not O.KEPT:
            assert not ends_in.is_public
        if result is O.REMOVED:
            assert ends_in is S.HIDDEN
        back = moves_back(state, ends_in) if moves else ()
        assert all(is_legal(kind, *move) for move in back)
        assert not back or back[-1][1] is state
        if moves:
            assert moves[0][0] is state


@pytest.mark.parametrize("kind", ItemKind)
def test_what_is_kept_does_not_move(kind: ItemKind) -> None:
    assert all(moves_for(kind, state, O.KEPT) == () for state in S)


@pytest.mark.parametrize("state", sorted(SETTLED_OUT))
def test_what_nobody_is_served_does_not_move_either(state: ItemState) -> None:
    for kind in ItemKind:
        assert all(moves_for(kind, state, result) == () for result in O)
