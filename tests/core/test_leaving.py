"""Leaving: what must end first, what is withdrawn, what stays."""

from __future__ import annotations

from itertools import product

import pytest

from assent.core.casework import is_legal
from assent.core.leaving import AWAY, Belonging, Leaving, Ties, leave, what_holds
from assent.core.terms import ItemKind, ItemState, Refusal

S = ItemState


def ties(*items: Belonging, pledges: int = 0, payouts: int = 0, credits_: int = 0) -> Ties:
    return Ties(items, pledges, payouts, 0, credits_)


def test_who_has_nothing_may_go() -> None:
    assert leave(ties(), gives_up_credits=False) == Leaving(
        effects=leave(ties(), gives_up_credits=False).effects,  # type: ignore[union-attr]
        erased=(),
    )


@pytest.mark.parametrize("state", [S.HELD, S.OPEN, S.CLOSED])
def test_a_bounty_that_runs_holds_its_requester(state: ItemState) -> None:
    answer = leave(ties(Belonging("b", ItemKind.BOUNTY, state)), gives_up_credits=True)
    assert isinstance(answer, Refusal)
    assert "Your bounties still run: 1" in answer.sentence


@pytest.mark.parametrize("what", ["pledges", "payouts"])
def test_credits_on_their_way_hold_their_owner(what: str) -> None:
    answer = leave(ties(**{what: 2}), gives_up_credits=True)
    assert isinstance(answer, Refusal)
    assert ": 2." in answer.sentence


def test_credits_are_never_given_up_silently() -> None:
    answer = leave(ties(credits_=1200), gives_up_credits=False)
    assert isinstance(answer, Refusal)
    assert (answer.code, "1,200 credits" in answer.sentence) == ("credits_left", True)
    assert isinstance(leave(ties(credits_=1200), gives_up_credits=True), Leaving)


def test_every_move_is_legal() -> None:
    for (kind, before), after in AWAY.items():
        assert is_legal(kind, before, after)


def test_nothing_of_theirs_is_left_on_offer_or_waiting() -> None:
    for kind, state in product(ItemKind, S):
        answer = leave(ties(Belonging("x", kind, state)), gives_up_credits=False)
        if isinstance(answer, Leaving):
            after = answer.effects.moves[0].after if answer.effects.moves else state
            assert after not in {S.OPEN, S.HELD, S.DRAFT} or not is_lived(kind, state)
            erased = after in {S.CANCELLED, S.WITHDRAWN, S.REFUSED}
            assert (answer.erased == ("x",)) is erased


def is_lived(kind: ItemKind, state: ItemState) -> bool:
    """Whether an item of this kind can be in this state at all."""
    return any(is_legal(kind, other, state) for other in S if other is not S.HIDDEN)


def test_what_was_taken_down_stays_where_it_is() -> None:
    gone = [Belonging(s, k, s) for k in ItemKind for s in (S.HIDDEN, S.REMOVED)]
    answer = leave(ties(*gone), gives_up_credits=False)
    assert isinstance(answer, Leaving)
    assert (answer.effects.moves, answer.erased) == ((), ())


def test_all_that_holds_is_said_at_once() -> None:
    held = ties(Belonging("b", ItemKind.BOUNTY, S.OPEN), pledges=1, payouts=3)
    assert len(what_holds(held)) == 3
