"""Random lives with money: people buy, dispute, earn and cash out beside all that the other lives
do, with a provider that drops, doubles, reorders and contradicts itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule, run_state_machine_as_test

from assent.core.cashouts import BankEvent, BankKind
from assent.core.ledger import Cause, TransferKind, member
from assent.core.purchases import EventKind, ProviderEvent
from assent.core.purses import purses
from assent.flows.ask_cashout import ask_cashout, take_back_cashout
from assent.flows.begin_purchase import begin_purchase
from assent.flows.decide_cashout import decide_cashout
from assent.flows.pay_due import pay_due
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments, sandbox
from assent.ledger.models import Cashout, Purchase, Transfer
from assent.ledger.purchases import purchases_of
from assent.ledger.purses import frozen, purse_of
from assent.ledger.queries import all_rows, balance_of
from assent.ops.cashouts import pay_out, reconcile
from assent.people.queries import Member
from tests.flows.cashing import bought, confirmed, won
from tests.flows.market import join
from tests.flows.test_lives import PEOPLE, Lives

BANKS = st.sampled_from(("pay", "fail", "twice", "silent"))


class MoneyLives(Lives):
    """The same three people with cards and banks."""

    purchases = Bundle("purchases")
    cashouts = Bundle("cashouts")

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._set = override_settings(PAYMENTS="sandbox", SANDBOX_DIR=Path(self._folder.name))
        self._set.enable()
        super().__init__()
        for name in self.people:
            self._try(confirmed, self.people[name], f"INVENTED {name}")
        patron = join("patron")
        bought(patron, 5000)
        for number, name in enumerate(self.people):
            won(patron, self.people[name], 1600, seed=1000 + number)

    def teardown(self) -> None:
        """Hold the books against the provider's, too."""
        try:
            with clock.at(self._now):
                done = reconcile()
            assert (done.faults, done.differences) == ((), ())
        finally:
            super().teardown()
            self._set.disable()
            self._folder.cleanup()

    @rule(target=purchases, who=PEOPLE, amount=st.sampled_from((500, 1000, 2500)))
    def begins_to_buy(self, who: str, amount: int) -> Any:
        person = self.people[who]
        if self._try(begin_purchase, person, amount) is None:
            return multiple()
        return purchases_of(person.id)[0].id

    @rule(purchase=purchases, told=st.integers(0, 2), number=st.integers(1, 2))
    def pays(self, purchase: str, told: int, number: int) -> None:
        """The card is charged; the provider tells us so nought, one or two times."""
        cents = Purchase.objects.get(id=purchase).cents
        sandbox.write("paid", purchase, cents)
        for _ in range(told):
            event = ProviderEvent(f"p{number}{purchase}", EventKind.PAID, purchase, cents)
            self._try(take_payment, event)

    @rule(purchase=purchases)
    def is_declined(self, purchase: str) -> None:
        cents = Purchase.objects.get(id=purchase).cents
        event = ProviderEvent(f"d{purchase}", EventKind.DECLINED, purchase, cents)
        self._try(take_payment, event)

    @rule(purchase=purchases, told=st.booleans())
    def disputes(self, purchase: str, told: bool) -> None:
        """A paid card payment is taken back; we may not hear of it before we look."""
        cents = Purchase.objects.get(id=purchase).cents
        if ("paid", purchase) not in {(line.kind, line.about) for line in sandbox.lines()}:
            return
        sandbox.write("disputed", purchase, cents)
        if told:
            event = ProviderEvent(f"x{purchase}", EventKind.DISPUTED, purchase, cents)
            self._try(take_payment, event)

    @rule(who=PEOPLE, to=PEOPLE, amount=st.sampled_from((500, 1200, 2000)))
    def wins_much(self, who: str, to: str, amount: int) -> None:
        """A bounty from its first word to the payout, where the requester can pay for it."""
        requester, creator = self.people[who], self.people[to]
        if who == to or balance_of(member(requester.key)).available < amount:
            return
        self._seed += 1
        if purse_of(member(requester.key)).earned > 0 and frozen(requester.key):
            return
        with clock.at(self._now):
            _won(requester, creator, amount, self._seed)

    @rule(target=cashouts, who=PEOPLE, amount=st.sampled_from((999, 1000, 1500)))
    def asks_for_money(self, who: str, amount: int) -> Any:
        asked = self._try(ask_cashout, self.people[who], amount)
        return asked.id if asked else multiple()

    @rule(who=PEOPLE, cashout=cashouts)
    def takes_it_back(self, who: str, cashout: str) -> None:
        self._try(take_back_cashout, self.people[who], cashout)

    @rule(cashout=cashouts, approve=st.booleans(), bank=BANKS)
    def is_decided(self, cashout: str, approve: bool, bank: str) -> None:
        sandbox.behave(Cashout.objects.get(id=cashout).account_id, bank)
        self._try(decide_cashout, self.mo, cashout, approve=approve, reason="Seen.")

    @rule()
    def the_worker_pays(self) -> None:
        with clock.at(self._now):
            pay_out()

    @rule(cashout=cashouts, kind=st.sampled_from((BankKind.PAID, BankKind.FAILED)))
    def the_provider_raves(self, cashout: str, kind: BankKind) -> None:
        """A word about a payout that the provider has not made changes nothing for good: before it
        was sent it is not believed. (After it was sent it would be the truth.)"""
        found = Cashout.objects.get(id=cashout)
        if found.state != "sending":
            before = found.state
            event = BankEvent(f"r{kind}{cashout}", kind, cashout, found.cents)
            self._try(take_bank_event, event)
            assert Cashout.objects.get(id=cashout).state == before

    @rule()
    def we_look(self) -> None:
        with clock.at(self._now):
            assert not reconcile().stops_cashouts

    def issued_for_money(self) -> int:
        """What was bought, less what was taken back through a card."""
        moved = Transfer.objects.filter(kind=TransferKind.POSTED)
        came = sum(moved.filter(cause=Cause.PURCHASE).values_list("amount", flat=True))
        went = sum(moved.filter(cause=Cause.CHARGEBACK).values_list("amount", flat=True))
        return came - went

    @invariant()
    def the_provider_was_paid_for_what_was_issued(self) -> None:
        paid = {line.about: line.cents for line in sandbox.lines() if line.kind == "paid"}
        for purchase, amount in Transfer.objects.filter(cause=Cause.PURCHASE).values_list(
            "subject", "amount"
        ):
            assert paid[purchase] == amount

    @invariant()
    def the_fast_purse_is_the_slow_one(self) -> None:
        slow = purses(all_rows())
        for who in self.people.values():
            name = member(who.key)
            if str(name) in slow:
                assert purse_of(name) == slow[str(name)]
                assert purse_of(name).total == balance_of(name).available

    @invariant()
    def no_more_leaves_than_was_earned_and_paid_for(self) -> None:
        """Money goes out only against credits that somebody bought."""
        out = Transfer.objects.filter(cause__in=(Cause.CASHOUT, Cause.FEE))
        out = out.exclude(kind=TransferKind.VOID)
        settled = out.filter(kind=TransferKind.POST)
        bought = Transfer.objects.filter(cause=Cause.PURCHASE)
        assert sum(settled.values_list("amount", flat=True)) <= sum(
            bought.values_list("amount", flat=True)
        )
        assert all(row.earned == row.amount and row.promo == 0 for row in out)


def _won(requester: Member, creator: Member, amount: int, seed: int) -> None:
    won(requester, creator, amount, seed)
    pay_due()


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        MoneyLives,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_message_says_its_own_purchase_alone() -> None:
    body, signature = payments.message(ProviderEvent("e", EventKind.PAID, "p", 1), clock.now())
    with pytest.raises(payments.UnsignedError):
        payments.bank_event_of(body, signature)


@pytest.mark.django_db
def test_random_lives_with_money_keep_the_books() -> None:
    _run(12, 25)


@pytest.mark.prove
@pytest.mark.django_db
def test_long_random_lives_with_money_keep_the_books() -> None:
    _run(500, 80)
