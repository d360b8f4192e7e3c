"""Selling listings: who may open what, who is paid when, and who has what back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from hypothesis import strategies as st

from assent.casework import answers
from assent.catalogue.models import Item, Listing, StoredFile
from assent.consent.queries import GrantView
from assent.core.access import STRANGER
from assent.core.collusion import Doubt
from assent.core.consent.terms import Verb
from assent.core.ledger import FEES, Balance, SaleState, till
from assent.core.ledger import member as wallet_of
from assent.core.purses import Purse
from assent.core.sales import PRICE_MAX, PRICE_MIN, commission, price_fault
from assent.core.terms import ItemState, Rating, Refused, Role, WorkType
from assent.flows.buy_listing import buy_listing
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.decide_sale import decide_sale, doubted_sale
from assent.flows.give_back_sale import give_back_sale
from assent.flows.grant_credits import grant_credits
from assent.flows.leave import leave
from assent.flows.open_file import open_file
from assent.flows.publish_listing import Offer, publish_listing
from assent.flows.set_price import set_price
from assent.flows.settle_sales import settle_sales
from assent.flows.withdraw_consent import withdraw_consent
from assent.flows.withdraw_item import withdraw_item
from assent.gateways import clock
from assent.journal.models import Message
from assent.ledger.models import Sale
from assent.ledger.purses import frozen, purse_of
from assent.ledger.queries import awarded_under, balance_of
from assent.people.queries import Member
from tests.flows.cashing import won
from tests.flows.consents import VERA, given, know_vera
from tests.flows.market import (
    HOUSE,
    in_days,
    join,
    lora_file,
    notice,
    offered,
    opened,
    picture_file,
    scanned,
    state,
    versioned,
    wallet,
)

User = get_user_model()


@pytest.fixture
def mia() -> Member:
    """Another moderator."""
    return join("mia", role=Role.MODERATOR)


def file_of(item: str) -> str:
    """The file of work of an item."""
    return str(StoredFile.objects.get(item_id=item, role="work").id)


def over() -> int:
    """The cooling-off is over, and the worker has been round."""
    with in_days(4):
        return settle_sales()


def told(who: Member) -> list[str]:
    """What they were told, by template."""
    return list(
        Message.objects.filter(user_id=who.id)
        .order_by("at", "id")
        .values_list("template", flat=True)
    )


# Buying ----------------------------------------------------------------------------------------


def test_what_is_sold_opens_to_whoever_bought_it(rita: Member, sam: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    with pytest.raises(Refused, match="open to whoever bought it, for 100 credits"):
        opened(rita, file_of(listing))
    buy_listing(rita, listing, 100)
    assert opened(rita, file_of(listing))
    assert opened(cora, file_of(listing))
    with pytest.raises(Refused, match="open to whoever bought it"):
        opened(sam, file_of(listing))
    with pytest.raises(Refused, match="sign in"):
        open_file(STRANGER, file_of(listing))


def test_later_versions_come_with_it(rita: Member, sam: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    later = file_of(versioned(cora, listing))
    with pytest.raises(Refused, match="open to whoever bought it"):
        opened(rita, later)
    sale = buy_listing(rita, listing, 100)
    assert opened(rita, later)
    with pytest.raises(Refused, match="have downloaded it"):
        give_back_sale(rita, sale.id)
    with pytest.raises(Refused, match="open to whoever bought it"):
        opened(sam, later)


def test_sample_pictures_are_for_everybody(cora: Member) -> None:
    listing = offered(cora, price=100)
    picture = StoredFile.objects.get(item_id=listing, role="image").id
    found, stream = open_file(STRANGER, picture)
    stream.close()
    assert found.role == "image"


def test_the_seller_is_paid_after_the_cooling_off(rita: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    buy_listing(rita, listing, 100)
    assert wallet(rita) == Balance(posted=900)
    assert wallet(cora) == Balance(incoming=95)
    assert balance_of(till(listing)) == Balance(posted=100, reserved=100)
    assert settle_sales() == 0
    assert over() == 1
    assert wallet(cora) == Balance(posted=95)
    assert balance_of(FEES) == Balance(posted=5)
    assert balance_of(till(listing)) == Balance()
    assert over() == 0
    assert told(cora) == ["published", "sold", "sale_paid"]


def test_promotional_credits_stay_what_they_are(rita: Member, cora: Member) -> None:
    """Rita's are from the house, so Cora can buy for them and not cash them out."""
    buy_listing(rita, offered(cora, price=100), 100)
    over()
    assert purse_of(wallet_of(cora.key)) == Purse(promo=95)


def test_the_house_takes_what_the_seller_does_not(
    rita: Member, cora: Member, chris: Member
) -> None:
    """Of a price that is part promotional and part earned, both shares add up to what was paid."""
    won(rita, cora, 1000)
    sale = buy_listing(cora, offered(chris, seed=9, price=200), 200)
    over()
    assert Sale.objects.get(id=sale.id).state == SaleState.SETTLED
    assert purse_of(wallet_of(chris.key)).total == 190


@pytest.mark.parametrize("who", ["owner", "twice", "poor", "suspended", "other price", "free"])
def test_what_cannot_be_bought(who: str, rita: Member, cora: Member) -> None:
    listing = offered(cora, price=0 if who == "free" else 100)
    buyer, price, why = rita, 100, ""
    if who == "owner":
        buyer, why = cora, "It is yours"
    elif who == "twice":
        buy_listing(rita, listing, 100)
        why = "You have bought it"
    elif who == "poor":
        buyer, why = join("pat", 99), "needs 100 credits and you have 99"
    elif who == "suspended":
        answers.suspend("suspension01", rita.id, clock.now(), clock.now() + timedelta(days=1))
        why = "suspended"
    elif who == "other price":
        price, why = 90, "The price is 100 credits now"
    else:
        why = "It is free"
    before = wallet(buyer)
    with pytest.raises(Refused, match=why):
        buy_listing(buyer, listing, price)
    assert wallet(buyer) == before


@pytest.mark.parametrize("after", [ItemState.HELD, ItemState.HIDDEN, ItemState.WITHDRAWN])
def test_what_is_not_public_is_not_sold(after: ItemState, rita: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    Item.objects.filter(id=listing).update(state=after)
    with pytest.raises(Refused):
        buy_listing(rita, listing, 100)
    assert wallet(rita) == Balance(posted=1000)


# Giving back -----------------------------------------------------------------------------------


def test_what_was_not_downloaded_can_be_given_back(rita: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    sale = buy_listing(rita, listing, 100)
    give_back_sale(rita, sale.id)
    assert wallet(rita) == Balance(posted=1000)
    assert wallet(cora) == Balance()
    with pytest.raises(Refused, match="open to whoever bought it"):
        opened(rita, file_of(listing))
    with pytest.raises(Refused, match="is over"):
        give_back_sale(rita, sale.id)
    assert purse_of(wallet_of(rita.key)) == Purse(promo=1000)
    # Somebody who changed their mind may change it again.
    assert buy_listing(rita, listing, 100).id != sale.id
    assert over() == 1


def test_what_was_downloaded_or_paid_is_not_given_back(
    rita: Member, sam: Member, cora: Member
) -> None:
    listing = offered(cora, price=100)
    sale, other = buy_listing(rita, listing, 100), buy_listing(sam, listing, 100)
    opened(rita, file_of(listing))
    with pytest.raises(Refused, match="have downloaded it"):
        give_back_sale(rita, sale.id)
    over()
    with pytest.raises(Refused, match="is over"):
        give_back_sale(sam, other.id)


def test_nobody_gives_back_what_somebody_else_bought(
    rita: Member, sam: Member, cora: Member
) -> None:
    sale = buy_listing(rita, offered(cora, price=100), 100)
    for who in (sam, cora):
        with pytest.raises(Refused, match="nothing here"):
            give_back_sale(who, sale.id)


# When something is taken down ------------------------------------------------------------------


def test_req_pay_06_what_is_hidden_is_not_paid_and_what_is_removed_goes_back(
    rita: Member, sam: Member, cora: Member, mo: Member
) -> None:
    listing = offered(cora, price=100)
    buy_listing(rita, listing, 100)
    buy_listing(sam, listing, 100)
    receipt = notice(f"/listings/{listing}")
    assert over() == 0
    with pytest.raises(Refused, match="taken down"):
        opened(rita, file_of(listing))
    remove_in_case(mo, receipt.number)
    assert wallet(rita) == wallet(sam) == Balance(posted=1000)
    assert wallet(cora) == Balance()
    assert over() == 0
    assert told(rita)[-1] == "sale_returned"


def test_what_was_paid_before_is_frozen_with_the_seller(
    rita: Member, cora: Member, mo: Member
) -> None:
    listing = offered(cora, price=100)
    buy_listing(rita, listing, 100)
    over()
    assert frozen(cora.key) == 0
    receipt = notice(f"/listings/{listing}")
    assert frozen(cora.key) == 95
    remove_in_case(mo, receipt.number)
    assert frozen(cora.key) == 95
    assert wallet(rita) == Balance(posted=900)


def test_what_comes_back_out_of_the_case_is_paid_then(
    rita: Member, cora: Member, mo: Member
) -> None:
    listing = offered(cora, price=100)
    buy_listing(rita, listing, 100)
    Item.objects.filter(id=listing).update(state=ItemState.HIDDEN)
    assert over() == 0
    Item.objects.filter(id=listing).update(state=ItemState.PUBLISHED)
    assert over() == 1


def test_whoever_withdraws_a_listing_gives_back_what_was_not_paid(
    rita: Member, sam: Member, cora: Member
) -> None:
    listing = offered(cora, price=100)
    buy_listing(sam, listing, 100)
    over()
    buy_listing(rita, listing, 100)
    withdraw_item(cora, listing)
    assert wallet(rita) == Balance(posted=1000)
    assert wallet(sam) == Balance(posted=900)
    assert wallet(cora) == Balance(posted=95)


@pytest.mark.parametrize("after", [ItemState.REMOVED, ItemState.REFUSED, ItemState.WITHDRAWN])
def test_however_it_ended_the_clock_gives_back_what_waits(
    after: ItemState, rita: Member, cora: Member
) -> None:
    listing = offered(cora, price=100)
    buy_listing(rita, listing, 100)
    Item.objects.filter(id=listing).update(state=after)
    assert settle_sales() == 1
    assert wallet(rita) == Balance(posted=1000)
    assert settle_sales() == 0


def sold_on(
    requester: Member, moderators: tuple[Member, Member], monkeypatch: pytest.MonkeyPatch, *,
    said: bool,
) -> tuple[GrantView, Callable[[int], str]]:  # fmt: skip
    """A record of Vera's in which she said yes or no to selling, and how to offer under it."""
    know_vera(monkeypatch)
    answers_ = {use.value: True for use in Verb} | {Verb.RESELL.value: said}
    _, grant = given(requester, moderators, monkeypatch, answers=answers_)

    def offers(price: int) -> str:
        offer = Offer(f"LoRA of {VERA}", "", WorkType.LORA, (), consent=grant.reference,
                      price=price)  # fmt: skip
        listing = scanned(publish_listing(requester, offer, [lora_file(3)], [picture_file(3)]))
        decide_held(moderators[0], listing, approve=True, reason="")
        return listing

    return grant, offers


def test_what_shows_somebody_is_sold_only_if_they_said_so(
    rita: Member, sam: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, offers = sold_on(rita, (mo, mia), monkeypatch, said=False)
    with pytest.raises(Refused) as refused:
        offers(100)
    assert "does not allow that it is sold" in refused.value.refusal.fields["price"]
    listing = offers(0)
    with pytest.raises(Refused, match="does not allow that it is sold"):
        set_price(rita, listing, 100)
    # Whatever a row says, no credits move.
    Listing.objects.filter(item_id=listing).update(price=100)
    with pytest.raises(Refused, match="does not allow that it is sold now"):
        buy_listing(sam, listing, 100)


def test_consent_that_is_withdrawn_gives_the_buyers_their_own_back(
    rita: Member, sam: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant, offers = sold_on(rita, (mo, mia), monkeypatch, said=True)
    listing = offers(100)
    before = wallet(rita)
    buy_listing(join("walter", 200), listing, 100)
    over()
    buy_listing(sam, listing, 100)
    # The person sees on their own page what the work earned, sales too.
    assert awarded_under(grant.id) == (95, 95)
    opened(sam, file_of(listing))
    withdraw_consent(grant)
    assert awarded_under(grant.id) == (95, 0)
    assert wallet(sam) == Balance(posted=1000)
    assert wallet(rita).posted == before.posted + 95
    assert frozen(rita.key) == 95
    assert over() == 0
    assert "delete_copy" in told(sam)


# Doubts ----------------------------------------------------------------------------------------


def doubted(rita: Member, cora: Member) -> str:
    """A sale between two log-ins with one mailbox, by its id."""
    User.objects.filter(pk=cora.id).update(email="Rita+second@example.org")
    sale = buy_listing(rita, offered(cora, price=100), 100)
    assert sale.doubt == Doubt.SAME_MAILBOX
    return sale.id


def test_a_sale_to_oneself_waits_and_so_do_the_files(
    rita: Member, cora: Member, mo: Member
) -> None:
    sale = doubted(rita, cora)
    listing = Sale.objects.get(id=sale).listing_id
    assert over() == 0
    with pytest.raises(Refused, match="a moderator looks at the sale"):
        opened(rita, file_of(listing))
    with pytest.raises(Refused, match="You have bought it"):
        buy_listing(rita, listing, 100)
    for who in (rita, cora):
        assert "sale_doubted" in told(who)
        with pytest.raises(Refused, match="Only moderators"):
            doubted_sale(who.person, sale)
    decide_sale(mo, sale, pay=True)
    assert opened(rita, file_of(listing))
    assert over() == 1
    with pytest.raises(Refused, match="does not wait"):
        decide_sale(mo, sale, pay=False)


def test_a_moderator_gives_the_credits_back(rita: Member, cora: Member, mo: Member) -> None:
    decide_sale(mo, doubted(rita, cora), pay=False)
    assert wallet(rita) == Balance(posted=1000)
    assert over() == 0


def test_credits_do_not_go_round_in_circles(rita: Member, cora: Member) -> None:
    buy_listing(rita, offered(cora, price=100), 100)
    over()
    back = buy_listing(cora, offered(rita, seed=5, price=50), 50)
    assert back.doubt == Doubt.PLEDGE_CYCLE


def test_a_moderator_decides_on_no_sale_of_their_own(cora: Member, mo: Member) -> None:
    User.objects.filter(pk=cora.id).update(email="mo+second@example.org")
    grant_credits(mo.party, 500, "welcome", by=HOUSE)
    sale = buy_listing(mo, offered(cora, price=100), 100)
    with pytest.raises(Refused, match="yourself"):
        decide_sale(mo, sale.id, pay=True)


# Prices ----------------------------------------------------------------------------------------


def test_a_price_is_changed_for_those_who_come_later(
    rita: Member, sam: Member, cora: Member
) -> None:
    listing = offered(cora)
    assert opened(rita, file_of(listing))
    set_price(cora, listing, 100)
    with pytest.raises(Refused, match="open to whoever bought it"):
        opened(rita, file_of(listing))
    buy_listing(rita, listing, 100)
    set_price(cora, listing, 500)
    assert opened(rita, file_of(listing))
    set_price(cora, listing, 0)
    assert opened(sam, file_of(listing))
    assert over() == 1
    assert wallet(cora) == Balance(posted=95)


def test_only_the_owner_says_what_it_costs(rita: Member, cora: Member, mo: Member) -> None:
    listing = offered(cora, price=100)
    for who in (rita, mo):
        with pytest.raises(Refused, match="Only the person who made this"):
            set_price(who, listing, 10)
    for price in (-5, 9, PRICE_MAX + 1):
        with pytest.raises(Refused, match="Ask for"):
            set_price(cora, listing, price)


@hypothesis.given(st.integers(PRICE_MIN, PRICE_MAX), st.integers(0, 50))
def test_the_house_takes_no_more_than_it_says(price: int, per_cent: int) -> None:
    fee = commission(price, per_cent)
    assert 0 <= fee - price * per_cent / 100 < 1
    assert fee < price
    assert price_fault(price) is None


# The books -------------------------------------------------------------------------------------


def test_whoever_leaves_waits_for_what_they_sold(rita: Member, cora: Member) -> None:
    buy_listing(rita, offered(cora, price=100), 100)
    with pytest.raises(Refused, match="Sales of yours wait"):
        leave(cora)
    over()
    leave(cora, gives_up_credits=True)


def test_the_database_refuses_what_no_flow_would_do(rita: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    sale = Sale.objects.get(id=buy_listing(rita, listing, 100).id)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        Sale.objects.filter(id=sale.id).update(price=1)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        sale.delete()
    sale.pk, sale.listing_id = "another00001", listing
    with pytest.raises(IntegrityError), transaction.atomic():
        sale.save(force_insert=True)


def test_no_credits_reach_what_their_scrip_does_not(rita: Member, cora: Member) -> None:
    listing = offered(cora, price=100)
    Item.objects.filter(id=listing).update(rating=Rating.EXPLICIT)
    with pytest.raises(IntegrityError, match="may not fund"), transaction.atomic():
        buy_listing(rita, listing, 100)
    assert wallet(rita) == Balance(posted=1000)
    assert state(listing) is ItemState.PUBLISHED
