"""States change by compare-and-set: whoever comes second changes nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from assent.casework import save as casework
from assent.casework.models import Case
from assent.catalogue import save as catalogue
from assent.catalogue.models import Item, Pledge
from assent.core.ledger import PayoutState, PledgeState
from assent.core.terms import CaseState, ItemState, Refused
from assent.flows.award_entry import award_entry
from assent.gateways import clock
from assent.ledger import save as ledger
from assent.ledger.models import Payout
from assent.people.queries import Member
from tests.flows.market import handed_in, notice, posted, state

S = ItemState


def test_an_item_leaves_only_the_state_that_it_is_in(rita: Member) -> None:
    bounty = posted(rita)
    with pytest.raises(Refused, match="changed while you were looking"):
        catalogue.move(bounty, S.CLOSED, S.CANCELLED, clock.now())
    assert state(bounty) is S.OPEN


def test_an_illegal_move_is_our_own_mistake(rita: Member) -> None:
    bounty = posted(rita)
    with pytest.raises(AssertionError, match=r"bounty: open → draft"):
        catalogue.move(bounty, S.OPEN, S.DRAFT, clock.now())
    with pytest.raises(AssertionError, match="no item"):
        catalogue.move("000000000000", S.OPEN, S.CLOSED, clock.now())


def test_an_item_is_published_when_it_first_becomes_public(rita: Member) -> None:
    bounty = Item.objects.get(id=posted(rita))
    first = bounty.published_at
    assert first is not None
    for before, after in ((S.OPEN, S.HIDDEN), (S.HIDDEN, S.OPEN), (S.OPEN, S.CLOSED)):
        catalogue.move(bounty.id, before, after, clock.now())
    bounty.refresh_from_db()
    assert bounty.published_at == first


def test_a_pledge_and_a_payout_move_once(rita: Member, cora: Member) -> None:
    award_entry(rita, handed_in(cora, posted(rita)))
    pledge, payout = Pledge.objects.get(), Payout.objects.get()
    for _ in range(2):
        with pytest.raises(Refused, match="changed while"):
            catalogue.move_pledge(pledge.id, PledgeState.HELD, PledgeState.REFUNDED)
        with pytest.raises(Refused, match="settled already"):
            ledger.move_payout(payout.id, PayoutState.VOIDED, PayoutState.POSTED)
    assert Pledge.objects.get().state == PledgeState.AWARDED
    assert Payout.objects.get().state == PayoutState.PENDING


def test_a_case_moves_on_once(rita: Member) -> None:
    notice(posted(rita))
    key = Case.objects.get().id
    casework.move_case(key, (CaseState.HIDDEN,), CaseState.DECIDED, clock.now())
    with pytest.raises(Refused, match="worked on this case meanwhile"):
        casework.move_case(key, (CaseState.HIDDEN,), CaseState.DECIDED, clock.now())


def test_a_lock_is_only_had_on_the_state_that_was_expected(rita: Member) -> None:
    bounty = posted(rita)
    catalogue.lock(bounty, S.OPEN)
    for item, expected in ((bounty, S.HELD), ("000000000000", S.OPEN)):
        with pytest.raises(Refused, match="changed while"):
            catalogue.lock(item, expected)
    assert catalogue.lock_all([bounty, "000000000000"]) == {bounty: S.OPEN}


@pytest.mark.parametrize("changes", [{"state": "nowhere"}, {"kind": "nothing"}])
def test_the_database_knows_the_states_and_kinds(rita: Member, changes: dict[str, str]) -> None:
    bounty = posted(rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(id=bounty).update(**changes)
