"""Random lives: whatever a few people do, in whatever order, no credit is lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from assent.catalogue.context import escrowed_by_bounty
from assent.catalogue.models import Item, Listing
from assent.core.access import Actor
from assent.core.ledger import AccountKind, Balance, SaleState, balances, till
from assent.core.screening.policies import default_policy
from assent.core.terms import ItemState, Refused, Role
from assent.flows.amend_bounty import amend_bounty
from assent.flows.award_entry import award_entry
from assent.flows.buy_listing import buy_listing
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.close_due import close_due
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_credits import decide_award, settle_undecided
from assent.flows.decide_held import decide_held
from assent.flows.decide_sale import decide_sale
from assent.flows.give_back_sale import give_back_sale
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.remind_due import remind_due
from assent.flows.run_sweep import run_sweep
from assent.flows.set_price import set_price
from assent.flows.settle_sales import settle_sales
from assent.flows.start_sweep import start_sweep
from assent.flows.take_back_pledge import take_back_pledge
from assent.flows.withdraw_item import withdraw_item
from assent.gateways import clock
from assent.journal.models import JournalRow
from assent.ledger.models import Payout, Sale, Transfer
from assent.ledger.queries import all_rows
from assent.ops.proofs import journal_proof, ledger_proof
from tests.flows.market import (
    FOX,
    SINGER,
    UNSURE,
    handed_in,
    join,
    notice,
    offered,
    opened,
    posted,
    words,
)

ISSUED = 900
PEOPLE = st.sampled_from(("rita", "sam", "cora"))
PRICES = st.sampled_from((0, 10, 60, 150))
AMOUNTS = st.sampled_from((10, 60, 150, 299, 300, 301))


class Lives(RuleBasedStateMachine):
    """Three people, a moderator and the clock; refusals are part of life."""

    bounties = Bundle("bounties")
    entries = Bundle("entries")
    cases = Bundle("cases")
    listings = Bundle("listings")
    sales = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        self._now: datetime = clock.now()
        self._seed = 0
        self.people = {name: join(name, 300) for name in ("rita", "sam", "cora")}
        self.mo = join("mo", role=Role.MODERATOR)

    def teardown(self) -> None:
        """Prove everything, and leave the database as it was."""
        try:
            assert ledger_proof().faults == ()
            assert journal_proof().faults == ()
        finally:
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    def _try(self, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Do it at this machine's time; a refusal must leave not a single row."""
        before = (Transfer.objects.count(), JournalRow.objects.count())
        with clock.at(self._now), suppress(Refused):
            return act(*args, **more)
        assert (Transfer.objects.count(), JournalRow.objects.count()) == before
        return None

    @rule(target=bounties, who=PEOPLE, amount=AMOUNTS, title=st.sampled_from((FOX, UNSURE)))
    def post(self, who: str, amount: int, title: str) -> Any:
        return self._try(posted, self.people[who], title, amount) or multiple()

    @rule(who=PEOPLE)
    def ask_for_a_singer(self, who: str) -> None:
        before = Transfer.objects.count()
        self._try(posted, self.people[who], SINGER, 10)
        assert Transfer.objects.count() == before

    @rule(who=PEOPLE, bounty=bounties, amount=AMOUNTS)
    def pledge(self, who: str, bounty: str, amount: int) -> None:
        self._try(pledge_credits, self.people[who], bounty, amount)

    @rule(target=entries, who=PEOPLE, bounty=bounties)
    def hand_in(self, who: str, bounty: str) -> Any:
        self._seed += 1
        return self._try(handed_in, self.people[who], bounty, self._seed) or multiple()

    @rule(who=PEOPLE, entry=entries)
    def award(self, who: str, entry: str) -> None:
        self._try(award_entry, self.people[who], entry)

    @rule(target=bounties, who=PEOPLE, amount=AMOUNTS)
    def post_split(self, who: str, amount: int) -> Any:
        more = {"award_mode": "each", "entry_mode": "supporters", "entries_max": 3}
        return self._try(posted, self.people[who], FOX, amount, **more) or multiple()

    @rule(who=PEOPLE, bounty=bounties)
    def take_back(self, who: str, bounty: str) -> None:
        self._try(take_back_pledge, self.people[who], bounty)

    @rule(who=PEOPLE, bounty=bounties, title=st.sampled_from((FOX, UNSURE, SINGER)))
    def amend(self, who: str, bounty: str, title: str) -> None:
        with clock.at(self._now):
            draft = words(title, 10)
        self._try(amend_bounty, self.people[who], bounty, draft)

    @rule(bounty=bounties, entry=st.one_of(st.none(), entries))
    def settle(self, bounty: str, entry: str | None) -> None:
        self._try(settle_undecided, self.mo, bounty, entry)

    @rule(bounty=bounties, pay=st.booleans())
    def decide_doubt(self, bounty: str, pay: bool) -> None:
        self._try(decide_award, self.mo, bounty, pay=pay)

    @rule(who=PEOPLE, bounty=bounties)
    def cancel(self, who: str, bounty: str) -> None:
        self._try(cancel_bounty, self.people[who], bounty)

    @rule(bounty=bounties, approve=st.booleans())
    def decide(self, bounty: str, approve: bool) -> None:
        self._try(decide_held, self.mo, bounty, approve=approve, reason="Seen.")

    @rule(target=listings, who=PEOPLE, price=PRICES)
    def offer(self, who: str, price: int) -> Any:
        self._seed += 1
        return self._try(offered, self.people[who], self._seed, price=price) or multiple()

    @rule(target=sales, who=PEOPLE, listing=listings)
    def buy(self, who: str, listing: str) -> Any:
        price = Listing.objects.values_list("price", flat=True).get(item_id=listing)
        sale = self._try(buy_listing, self.people[who], listing, price)
        return sale.id if sale else multiple()

    @rule(who=PEOPLE, sale=sales)
    def give_back(self, who: str, sale: str) -> None:
        self._try(give_back_sale, self.people[who], sale)

    @rule(who=PEOPLE, listing=listings)
    def download(self, who: str, listing: str) -> None:
        """A download moves no credits, whatever it answers."""
        with clock.at(self._now), suppress(Refused):
            opened(self.people[who], Item.objects.get(id=listing).files.get(role="work").id)

    @rule(who=PEOPLE, listing=listings, price=PRICES)
    def ask_another_price(self, who: str, listing: str, price: int) -> None:
        self._try(set_price, self.people[who], listing, price)

    @rule(who=PEOPLE, listing=listings)
    def withdraw(self, who: str, listing: str) -> None:
        self._try(withdraw_item, self.people[who], listing)

    @rule(sale=sales, pay=st.booleans())
    def decide_sale(self, sale: str, pay: bool) -> None:
        self._try(decide_sale, self.mo, sale, pay=pay)

    @rule(target=cases, item=st.one_of(bounties, entries, listings))
    def complain(self, item: str) -> str:
        number: str = self._try(notice, item).number
        return number

    @rule(case=consumes(cases))
    def remove(self, case: str) -> None:
        self._try(remove_in_case, self.mo, case)

    @rule(days=st.sampled_from((1, 4, 31)))
    def time_passes(self, days: int) -> None:
        self._now += timedelta(days=days)
        self._try(remind_due)
        self._try(close_due)
        self._try(pay_due)
        self._try(settle_sales)

    @rule()
    def sweep(self) -> None:
        for dry_run in (True, False):
            sweep = self._try(start_sweep, default_policy().id, dry_run=dry_run, by=Actor("otto"))
            self._try(run_sweep, sweep)

    @invariant()
    def nobody_spends_what_they_have_not(self) -> None:
        for name, balance in balances(all_rows()).items():
            if not name.startswith(AccountKind.ISSUE):
                assert balance.available >= 0, name

    @invariant()
    def no_credit_appears_or_vanishes(self) -> None:
        books = balances(all_rows())
        assert sum(balance.posted for balance in books.values()) == 0
        held = sum(b.posted for n, b in books.items() if not n.startswith(AccountKind.ISSUE))
        assert held == ISSUED + self.issued_for_money()

    def issued_for_money(self) -> int:
        """Credits that exist because somebody paid for them; nobody does in these lives."""
        return 0

    @invariant()
    def escrow_holds_the_live_pledges_and_nothing_else(self) -> None:
        prefix = f"{AccountKind.ESCROW}:"
        chests = {
            name.split(":")[1]: balance.posted
            for name, balance in balances(all_rows()).items()
            if name.startswith(prefix) and balance.posted
        }
        assert chests == escrowed_by_bounty()

    @invariant()
    def a_pledge_is_paid_out_at_most_once(self) -> None:
        paid = list(Payout.objects.filter(state="posted").values_list("pledge_id", flat=True))
        assert len(paid) == len(set(paid))

    @invariant()
    def every_credit_has_a_cause_and_an_origin(self) -> None:
        """Walk the transfers forward: nothing leaves an account that did not come into it."""
        held: dict[str, int] = {}
        pending: dict[int, Any] = {}
        for row in all_rows():
            assert row.cause
            if row.kind == "pending":
                pending[row.id] = row
                continue
            if row.resolves is not None:
                assert pending.pop(row.resolves).amount == row.amount
            if row.kind in ("posted", "post"):
                held[row.debit] = held.get(row.debit, 0) - row.amount
                held[row.credit] = held.get(row.credit, 0) + row.amount
                assert row.debit.startswith(AccountKind.ISSUE) or held[row.debit] >= 0

    @invariant()
    def the_account_of_a_listing_holds_its_sales_that_wait(self) -> None:
        books = balances(all_rows())
        for listing in Listing.objects.values_list("item_id", flat=True):
            waiting = Sale.objects.filter(listing_id=listing, state=SaleState.WAITING)
            held = books.get(str(till(listing)), Balance())
            assert held.posted == held.reserved == sum(waiting.values_list("price", flat=True))

    @invariant()
    def a_buyer_paid_once_or_has_it_back(self) -> None:
        """By the rows alone: each sale that lasts left one price with the buyer, and each that is
        settled one share with the seller."""
        for sale in Sale.objects.all():
            keys = Counter(
                row.kind for row in Transfer.objects.filter(key__endswith=f"sale:{sale.id}")
            )
            back = sale.state == SaleState.RETURNED
            paid = sale.state == SaleState.SETTLED
            assert keys == Counter(
                {"posted": 1 + back, "pending": 1, **({"void": 1} if back else {}),
                 **({"post": 1} if paid else {})}
            )  # fmt: skip

    @invariant()
    def what_has_ended_holds_no_credits(self) -> None:
        ended = (ItemState.REFUSED, ItemState.CANCELLED, ItemState.REMOVED)
        over = Item.objects.filter(state__in=ended).values_list("id", flat=True)
        assert escrowed_by_bounty().keys().isdisjoint(over)
        waiting = Sale.objects.filter(state=SaleState.WAITING)
        assert set(waiting.values_list("listing_id", flat=True)).isdisjoint(over)


@pytest.mark.django_db
def test_random_lives_keep_the_books() -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.prove
@pytest.mark.django_db
def test_long_random_lives_keep_the_books() -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=2_000,
            stateful_step_count=80,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
