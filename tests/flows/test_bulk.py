"""Several held items are decided at once, and taken back as if nothing had been."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from assent.casework.bulks import BulkView, bulk
from assent.casework.models import BulkDecision, Decision
from assent.catalogue.models import Item, Pledge
from assent.core.bulk import CAP, Pick
from assent.core.ledger import Balance, PledgeState
from assent.core.ledger import member as wallet_of
from assent.core.purses import Purse
from assent.core.terms import ItemState, Refused, Role
from assent.flows.appeal_decision import appeal_decision
from assent.flows.award_entry import award_entry
from assent.flows.buy_listing import buy_listing
from assent.flows.decide_bulk import decide_bulk
from assent.flows.decide_held import decide_held
from assent.flows.pledge_credits import pledge_credits
from assent.flows.post_comment import post_comment
from assent.flows.preview_bulk import preview_bulk
from assent.flows.read_messages import read_messages
from assent.flows.reword_comment import reword_comment
from assent.flows.settle_sales import settle_sales
from assent.flows.take_work import take_work
from assent.flows.undo_bulk import undo_bulk
from assent.gateways import clock
from assent.journal.models import JournalRow, Message
from assent.ledger.purses import purse_of
from assent.people.queries import Member
from tests.flows.market import (
    OWN_FACE,
    UNSURE,
    chest,
    handed_in,
    join,
    notice,
    offered,
    posted,
    state,
    wallet,
)


@pytest.fixture
def mia() -> Member:
    """A second moderator, with 500 credits."""
    return join("mia", 500, Role.MODERATOR)


def picked(mo: Member, *items: str) -> list[Pick]:
    """These items as the moderator sees them now."""
    return [Pick(item.id, seen.mark) for item, seen in preview_bulk(mo, items)]


def decided(mo: Member, *items: str, approve: bool = True, reason: str = "Seen.") -> BulkView:
    return bulk(decide_bulk(mo, picked(mo, *items), approve=approve, reason=reason))


def why_skipped(found: BulkView) -> dict[str, str]:
    return {part.item: part.skipped for part in found.skipped}


def purse(who: Member) -> Purse:
    return purse_of(wallet_of(who.key))


def told(who: Member) -> list[str]:
    rows = Message.objects.filter(user=who.id).order_by("at", "id")
    return list(rows.values_list("template", flat=True))


def test_the_preview_counts_and_writes_nothing(rita: Member, mo: Member, mia: Member) -> None:
    good, plain = posted(rita, UNSURE, 300), posted(rita, OWN_FACE, 50)
    own = posted(mia, UNSURE, 20)
    before = JournalRow.objects.count()
    seen = {item.id: outlook for item, outlook in preview_bulk(mia, [good, plain, own, "0" * 12])}
    assert list(seen) == [good, plain, own]
    assert (seen[good].publish, seen[good].refuse, seen[good].credits) == (None, None, 300)
    assert seen[plain].publish is not None
    assert seen[plain].publish.code == "likeness_without_consent"
    assert seen[plain].refuse is None
    assert seen[own].refuse is not None
    assert seen[own].refuse.sentence == "You cannot decide on your own item."
    assert JournalRow.objects.count() == before


def test_each_item_has_a_decision_of_its_own_with_the_same_reason(rita: Member, mo: Member) -> None:
    items = [posted(rita, UNSURE, 100) for _ in range(3)]
    found = decided(mo, *items, approve=False, reason="  Ask for a drawing. ")
    assert [state(i) for i in items] == [ItemState.REFUSED] * 3
    assert wallet(rita) == Balance(posted=1000)
    rows = Decision.objects.filter(actor=mo.id)
    assert {row.item_id for row in rows} == set(items)
    assert {row.sentence for row in rows} == {"Ask for a drawing."}
    ruled = JournalRow.objects.filter(verb="item.ruled", actor=mo.key)
    assert sorted(ruled.values_list("subject", flat=True)) == sorted(items)
    assert JournalRow.objects.get(verb="bulk.begun").subject == found.id


@pytest.mark.parametrize("count", [0, CAP + 1])
def test_none_and_too_many_are_refused(mo: Member, cora: Member, count: int) -> None:
    listing = offered(cora)
    rows = [
        Item(id=f"{n:012d}", kind="listing", state="held", owner_id=cora.id, created_at=clock.now(),
             changed_at=clock.now())
        for n in range(count)
    ]  # fmt: skip
    Item.objects.bulk_create(rows)
    with pytest.raises(Refused, match=r"Tick the items|At most 50"):
        decide_bulk(mo, [Pick(row.id, "") for row in rows], approve=False, reason="Spam.")
    with pytest.raises(Refused, match=r"Tick the items|At most 50"):
        preview_bulk(mo, [row.id for row in rows])
    assert not BulkDecision.objects.exists()
    assert state(listing) is ItemState.PUBLISHED


def test_a_refusal_needs_a_reason_and_nobody_but_staff_decides(
    rita: Member, sam: Member, mo: Member
) -> None:
    item = posted(rita, UNSURE)
    picks = picked(mo, item)
    with pytest.raises(Refused, match="Say why"):
        decide_bulk(mo, picks, approve=False, reason=" ")
    for who in (sam, rita, join("ada", role=Role.AUDITOR)):
        with pytest.raises(Refused, match="work the queue"):
            decide_bulk(who, picks, approve=True, reason="")
        with pytest.raises(Refused, match="work the queue"):
            preview_bulk(who, [item])
    assert state(item) is ItemState.HELD


def test_what_changed_meanwhile_is_skipped_and_named(
    rita: Member, sam: Member, mo: Member, mia: Member
) -> None:
    good, taken, gone = (posted(rita, UNSURE) for _ in range(3))
    comment, _ = post_comment(sam, posted(rita), "Could she be your mystery woman?")
    Item.objects.filter(id=comment).update(state="held")
    picks = picked(mo, good, taken, gone, comment)
    take_work(mia, f"item:{taken}")
    decide_held(mia, gone, approve=True, reason="")
    reword_comment(sam, comment, "Could she be a mystery woman of yours?")
    Item.objects.filter(id=comment).update(state="held")
    found = bulk(decide_bulk(mo, picks, approve=False, reason="No."))
    assert [part.item for part in found.decided] == [good]
    why = why_skipped(found)
    assert "mia is working on this" in why[taken]
    assert "changed" in why[gone]
    assert why[comment] == "It changed since you looked at it."
    assert (state(taken), state(gone)) == (ItemState.HELD, ItemState.OPEN)


def test_what_cannot_be_published_alone_cannot_be_published_together(
    rita: Member, mo: Member
) -> None:
    good, plain = posted(rita, UNSURE), posted(rita, OWN_FACE)
    found = decided(mo, good, plain)
    assert (state(good), state(plain)) == (ItemState.OPEN, ItemState.HELD)
    assert "real person's likeness" in why_skipped(found)[plain]


@pytest.mark.parametrize("approve", [True, False])
def test_what_a_takedown_request_is_about_is_never_decided_together(
    cora: Member, rita: Member, mo: Member, approve: bool
) -> None:
    listing = offered(cora, seed=4)
    notice(listing)
    copy = offered(join("chris"), seed=4)
    assert state(copy) is ItemState.HELD, "the same file waits for the case"
    other = posted(rita, UNSURE)
    notice(other)
    Item.objects.filter(id=other).update(state="held")
    found = decided(mo, copy, other, approve=approve)
    assert found.decided == ()
    assert all("takedown request" in why for why in why_skipped(found).values())
    assert (state(copy), state(other), state(listing)) == ("held", "held", "hidden")


# Undo -------------------------------------------------------------------------------------------


def test_undoing_an_approval_reserves_the_same_credits_again(rita: Member, mo: Member) -> None:
    item = posted(rita, UNSURE, 300)
    before = wallet(rita), chest(item), purse(rita)
    found = decided(mo, item)
    assert (state(item), wallet(rita)) == (ItemState.OPEN, Balance(posted=700))
    undo_bulk(mo, found.id)
    assert state(item) is ItemState.HELD
    assert (wallet(rita), chest(item), purse(rita)) == before
    assert wallet(rita).reserved == 300
    live = Pledge.objects.exclude(state=PledgeState.REFUNDED).get()
    assert (live.amount, live.state) == (300, PledgeState.PENDING)
    decide_held(mo, item, approve=True, reason="")
    assert (state(item), chest(item)) == (ItemState.OPEN, Balance(posted=300))


def test_undoing_a_refusal_reserves_the_credits_again(rita: Member, mo: Member) -> None:
    item = posted(rita, UNSURE, 300)
    before = wallet(rita), chest(item), purse(rita)
    found = decided(mo, item, approve=False)
    assert wallet(rita) == Balance(posted=1000)
    undo_bulk(mo, found.id)
    assert (state(item), wallet(rita), chest(item), purse(rita)) == (ItemState.HELD, *before)


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_is_as_it_was_before(
    rita: Member, sam: Member, cora: Member, mo: Member, seed: int
) -> None:
    dice = random.Random(seed)
    items = [posted(dice.choice([rita, sam]), UNSURE, dice.randint(1, 200)) for _ in range(4)]
    listing = offered(cora)
    Item.objects.filter(id=listing).update(state="held")
    people = (rita, sam, cora)
    for _ in range(dice.randint(1, 3)):
        some = dice.sample([*items, listing], dice.randint(1, 5))
        before = (
            [(wallet(who), purse(who)) for who in people],
            [(state(i), chest(i)) for i in [*items, listing]],
            [told(who) for who in people],
        )
        found = decided(mo, *some, approve=dice.random() < 0.5)
        assert len(found.decided) == len(some)
        undone = undo_bulk(mo, found.id)
        assert len(undone.brought_back) == len(some)
        after = (
            [(wallet(who), purse(who)) for who in people],
            [(state(i), chest(i)) for i in [*items, listing]],
        )
        assert after == before[:2]
        for who, said in zip(people, before[2], strict=True):
            assert set(told(who)) - set(said) <= {"held"}, "what nobody read is unsaid"


def test_what_was_read_stays_and_the_owner_hears_that_it_is_held(rita: Member, mo: Member) -> None:
    item = posted(rita, UNSURE)
    found = decided(mo, item, approve=False)
    read_messages(rita)
    undo_bulk(mo, found.id)
    assert sorted(told(rita)) == ["held", "refunded", "refused"]


def test_what_others_did_meanwhile_is_left(
    rita: Member, sam: Member, cora: Member, mo: Member, mia: Member
) -> None:
    awarded, helped, taken_down, refused = (posted(rita, UNSURE, 100) for _ in range(4))
    yes = decided(mo, awarded, helped, taken_down)
    no = decided(mo, refused, approve=False)
    award_entry(rita, handed_in(cora, awarded))
    pledge_credits(sam, helped, 40)
    notice(taken_down)
    effect = Decision.objects.get(item=refused, actor=mo.id)
    appeal_decision(rita, f"{effect.id}-{refused}", "It is a drawing.")
    undone = undo_bulk(mo, yes.id)
    assert [part.item for part in undone.brought_back] == [helped]
    assert {part.item for part in undone.left} == {awarded, taken_down}
    assert state(taken_down) is ItemState.HIDDEN
    assert (state(helped), chest(helped)) == (ItemState.HELD, Balance(posted=40, incoming=100))
    assert [part.left for part in undo_bulk(mo, no.id).left] == [
        "Somebody acted on it meanwhile, so that it is left as it is."
    ]
    decide_held(mia, helped, approve=False, reason="No.")
    assert (wallet(sam), chest(helped)) == (Balance(posted=1000), Balance())


def test_credits_that_were_spent_meanwhile_are_named(rita: Member, mo: Member) -> None:
    item = posted(rita, UNSURE, 900)
    found = decided(mo, item, approve=False)
    posted(rita, "A watercolour badger", 800)
    (left,) = undo_bulk(mo, found.id).left
    assert "spent meanwhile" in left.left
    assert (state(item), wallet(rita)) == (ItemState.REFUSED, Balance(posted=200))


def test_it_is_taken_back_once_within_ten_minutes_and_by_whom_it_was_made(
    rita: Member, mo: Member, mia: Member, sam: Member
) -> None:
    one, two = decided(mo, posted(rita, UNSURE)), decided(mo, posted(rita, UNSURE))
    with pytest.raises(Refused, match="Whoever decided"):
        undo_bulk(mia, one.id)
    with pytest.raises(Refused, match="work the queue"):
        undo_bulk(sam, one.id)
    undo_bulk(join("otto", role=Role.OPERATOR), one.id)
    with pytest.raises(Refused, match="ten minutes, and once"):
        undo_bulk(mo, one.id)
    with clock.at(two.at + timedelta(minutes=10)), pytest.raises(Refused, match="ten minutes"):
        undo_bulk(mo, two.id)
    with pytest.raises(Refused, match="nothing here"):
        undo_bulk(mo, "000000000000")


def test_a_killed_one_can_be_undone(
    rita: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [posted(rita, UNSURE) for _ in range(3)]
    picks = picked(mo, *items)
    from assent.flows import decide_bulk as flow

    whole, done = flow.finish, []

    def killed(*given: object) -> object:
        if done:
            raise SystemExit
        done.append(1)
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(flow, "finish", killed)
    with pytest.raises(SystemExit):
        decide_bulk(mo, picks, approve=True, reason="")
    half = BulkDecision.objects.get()
    assert [state(i) for i in items].count(ItemState.OPEN) == 1
    undo_bulk(mo, half.id)
    assert [state(i) for i in items] == [ItemState.HELD] * 3
    assert wallet(rita) == Balance(posted=1000, reserved=300)


def test_what_was_bought_meanwhile_waits_with_its_buyers_credits(
    rita: Member, cora: Member, mo: Member
) -> None:
    listing = offered(cora, title=UNSURE, price=100)
    assert state(listing) is ItemState.HELD
    found = decided(mo, listing)
    buy_listing(rita, listing, 100)
    undo_bulk(mo, found.id)
    assert state(listing) is ItemState.HELD
    with clock.at(clock.now() + timedelta(days=4)):
        assert settle_sales() == 0
    assert wallet(rita) == Balance(posted=900)
    decide_held(mo, listing, approve=False, reason="Ask for a drawing.")
    assert wallet(rita) == Balance(posted=1000)
    assert wallet(cora) == Balance()
