"""Cashing out: only what was earned, once, to somebody confirmed, approved by somebody else."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from assent.catalogue.models import Item
from assent.core.cashouts import BankEvent, BankKind, CashoutState, cents, fee, signs
from assent.core.collusion import Doubt
from assent.core.ledger import Balance, member
from assent.core.purchases import EventKind, ProviderEvent
from assent.core.purses import Purse
from assent.core.terms import Refused, Role
from assent.flows.ask_cashout import ask_cashout, take_back_cashout
from assent.flows.award_entry import award_entry
from assent.flows.begin_purchase import begin_purchase
from assent.flows.decide_cashout import decide_cashout
from assent.flows.decide_held import decide_held
from assent.flows.leave import leave
from assent.flows.pledge_credits import pledge_credits
from assent.flows.set_up_payouts import set_up_payouts
from assent.flows.take_back_pledge import take_back_pledge
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments, sandbox
from assent.ledger.cashouts import background, cashout, cashouts_of, faults, last_check
from assent.ledger.models import Cashout, Payout, Transfer
from assent.ledger.purchases import purchases_of
from assent.ledger.purses import frozen, purse_of
from assent.ledger.reconciling import trial_balance
from assent.ops.cashouts import check_books, pay_out, reconcile
from assent.ops.proofs import ledger_proof
from assent.people.queries import Member
from tests.flows.cashing import bought, confirmed, disputed, won
from tests.flows.market import UNSURE, handed_in, join, notice, posted, wallet


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "sandbox")
    monkeypatch.setattr("django.conf.settings.SANDBOX_DIR", tmp_path)


@pytest.fixture
def rita() -> Member:
    return join("rita", 300)


@pytest.fixture
def kim() -> Member:
    return join("kim")


@pytest.fixture
def mona() -> Member:
    return join("mona", role=Role.MODERATOR)


def purse(who: Member) -> Purse:
    return purse_of(member(who.key))


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


# Where credits come from -------------------------------------------------------------------------


def test_promotional_credits_go_first_and_stay_promotional(rita: Member, kim: Member) -> None:
    bought(rita)
    assert purse(rita) == Purse(promo=300, bought=2500)
    won(rita, kim, 1000)
    assert purse(rita) == Purse(bought=1800)
    assert purse(kim) == Purse(promo=300, earned=700), "what nobody paid for is no money"
    confirmed(kim)
    with pytest.raises(Refused) as refused:
        ask_cashout(kim, 1000)
    assert code(refused) == "not_enough_earned"


def test_a_pledge_comes_back_as_it_went_in(rita: Member, kim: Member) -> None:
    bought(rita)
    bounty = posted(join("sam", 500))
    pledge_credits(rita, bounty, 1000)
    assert purse(rita) == Purse(bought=1800)
    take_back_pledge(rita, bounty)
    assert purse(rita) == Purse(promo=300, bought=2500)


def test_what_was_earned_is_spent_last_and_comes_on_as_earned(rita: Member, kim: Member) -> None:
    bought(rita, 5000)
    won(rita, kim, 2300)
    bought(kim, 500)
    assert purse(kim) == Purse(promo=300, bought=500, earned=2000)
    ann = join("ann")
    won(kim, ann, 1000, seed=2)
    assert (purse(kim), purse(ann)) == (Purse(earned=1800), Purse(promo=300, earned=700))


def test_a_dispute_takes_back_bought_credits_alone(rita: Member, kim: Member) -> None:
    bought(rita, 5000)
    won(rita, kim, 1300)
    purchase = bought(kim, 1000)
    won(kim, join("ann"), 800, seed=2)
    disputed(purchase, 1000)
    assert purse(kim) == Purse(earned=1000), "500 of it were left; earnings are not touched"


# The way out -------------------------------------------------------------------------------------


def earner(rita: Member, kim: Member, bank: str = "pay") -> Member:
    bought(rita, 5000)
    won(rita, kim, 3300)
    confirmed(kim, bank=bank)
    return kim


def test_earned_credits_become_money_once(rita: Member, kim: Member, mona: Member) -> None:
    earner(rita, kim, bank="twice")
    asked = ask_cashout(kim, 2000)
    assert (asked.fee, asked.cents) == (50, 1950)
    assert wallet(kim) == Balance(posted=3300, reserved=2000)
    assert pay_out() == 0, "nobody has approved it"
    decide_cashout(mona, asked.id, approve=True)
    assert pay_out() == 2
    assert (wallet(kim), cashouts_of(kim.id)[0].state) == (Balance(posted=1300), "paid")
    assert pay_out() == 0
    assert take_bank_event(BankEvent("evt_later", BankKind.FAILED, asked.id, 1950)) == "paid"
    assert [(line.kind, line.cents) for line in sandbox.lines()][1:] == [("payout", 1950)]
    balances = {line.kind: line.balance for line in trial_balance()}
    assert (balances["cashed"], balances["fees"], sum(balances.values())) == (1950, 50, 0)
    done = reconcile()
    assert (done.faults, done.differences, done.stops_cashouts) == ((), (), False)


def test_money_that_the_bank_sends_back_is_credits_again(
    rita: Member, kim: Member, mona: Member
) -> None:
    earner(rita, kim, bank="fail")
    asked = ask_cashout(kim, 3000)
    decide_cashout(mona, asked.id, approve=True)
    pay_out()
    assert (purse(kim), cashouts_of(kim.id)[0].state) == (Purse(300, 0, 3000), "failed")
    assert not reconcile().stops_cashouts


def test_one_can_take_it_back_until_it_is_decided(rita: Member, kim: Member, mona: Member) -> None:
    earner(rita, kim)
    asked = ask_cashout(kim, 3000)
    for other in (rita, mona):
        with pytest.raises(Refused) as refused:
            take_back_cashout(other, asked.id)
        assert code(refused) == "not_found"
    take_back_cashout(kim, asked.id)
    assert purse(kim) == Purse(300, 0, 3000)
    again = ask_cashout(kim, 3000)
    decide_cashout(mona, again.id, approve=True)
    with pytest.raises(Refused):
        take_back_cashout(kim, again.id)
    with pytest.raises(Refused):
        decide_cashout(mona, again.id, approve=False, reason="second thoughts")


def test_nobody_decides_on_their_own_and_a_refusal_has_a_reason(rita: Member, kim: Member) -> None:
    bought(rita, 5000)
    mona, otto = join("mona", role=Role.MODERATOR), join("otto", role=Role.OPERATOR)
    won(rita, mona, 3300)
    confirmed(mona)
    asked = ask_cashout(mona, 1000)
    for who, expected in ((mona, "own_item"), (kim, "not_allowed")):
        with pytest.raises(Refused) as refused:
            decide_cashout(who, asked.id, approve=True)
        assert code(refused) == expected
    with pytest.raises(Refused):
        decide_cashout(otto, asked.id, approve=False, reason="  ")
    decide_cashout(otto, asked.id, approve=False, reason="The papers are another person’s.")
    assert purse(mona) == Purse(300, 0, 3000)
    assert cashouts_of(mona.id)[0].reason == "The papers are another person’s."


@pytest.mark.parametrize("amount", [0, -5, 999, 3001, 10**12])
def test_too_little_and_too_much_are_refused(rita: Member, kim: Member, amount: int) -> None:
    earner(rita, kim)
    with pytest.raises(Refused):
        ask_cashout(kim, amount)
    assert not Cashout.objects.exists()


def test_without_an_account_nothing_leaves(rita: Member, kim: Member) -> None:
    bought(rita, 5000)
    won(rita, kim, 3300)
    with pytest.raises(Refused) as refused:
        ask_cashout(kim, 1000)
    assert code(refused) == "no_payout_account"
    set_up_payouts(kim)
    with pytest.raises(Refused):
        ask_cashout(kim, 1000)


def test_the_account_stays_while_a_cash_out_is_under_way(rita: Member, kim: Member) -> None:
    earner(rita, kim)
    ask_cashout(kim, 1000)
    with pytest.raises(Refused) as refused:
        set_up_payouts(kim)
    assert code(refused) == "cashout_under_way"
    with pytest.raises(Refused) as refused:
        leave(kim, gives_up_credits=True)
    assert "Cash-outs of yours are under way: 1" in refused.value.refusal.sentence


def test_the_fee_is_two_per_cent_and_fifty_at_least() -> None:
    assert [fee(n) for n in (1000, 2500, 2501, 10_000)] == [50, 50, 51, 200]
    assert cents(10_000) == 9800


# A likeness claim, and other signs ---------------------------------------------------------------


def test_req_pay_06_what_was_earned_with_work_under_a_takedown_stays(
    rita: Member, kim: Member, mona: Member
) -> None:
    bought(rita, 5000)
    _, entry = won(rita, kim, 2300)
    _, other = won(rita, kim, 2000, seed=2)
    confirmed(kim)
    asked = ask_cashout(kim, 3500)
    notice(f"/entries/{entry}")
    assert Item.objects.get(id=entry).state == "hidden"
    assert frozen(kim.key) == 2300
    with pytest.raises(Refused) as refused:
        decide_cashout(mona, asked.id, approve=True)
    assert code(refused) == "earnings_frozen"
    take_back_cashout(kim, asked.id)
    with pytest.raises(Refused):
        ask_cashout(kim, 3500)
    less = ask_cashout(kim, 1700)
    decide_cashout(mona, less.id, approve=True)
    notice(f"/entries/{other}")
    pay_out()
    assert cashouts_of(kim.id)[0].state == "approved", "a takedown is not outrun"


def test_signs_for_whoever_approves(rita: Member, kim: Member) -> None:
    purchase = bought(rita, 5000)
    won(rita, kim, 3300)
    confirmed(kim, "INVENTED 1")
    ann = join("ann")
    confirmed(ann, "INVENTED 1")
    disputed(purchase, 5000)
    asked = ask_cashout(kim, 1000)
    known = background(asked)
    assert (known.sharing, known.disputed, known.frozen) == (1, 3300, 0)
    assert signs(known, clock.now()) == ("shared_identity", "new_account", "disputed")
    later = clock.now() + timedelta(days=8)
    assert "new_account" not in signs(known, later)


def test_an_award_between_two_with_one_bank_account_waits(rita: Member, kim: Member) -> None:
    confirmed(rita, "INVENTED 1")
    confirmed(kim, "INVENTED 1")
    payouts = award_entry(rita, handed_in(kim, posted(rita)))
    assert {p.doubt for p in payouts} == {Doubt.SAME_PAYOUT}
    ann = join("ann")
    confirmed(ann, "INVENTED 2")
    payouts = award_entry(rita, handed_in(ann, posted(rita), 2))
    assert {p.doubt for p in payouts} == {""}


def test_a_dispute_holds_what_was_not_paid_yet(rita: Member, kim: Member) -> None:
    purchase = bought(rita, 500)
    award_entry(rita, handed_in(kim, posted(rita, credits_=800)))
    disputed(purchase, 500)
    assert Payout.objects.get().doubt == Doubt.DISPUTED


# The provider, late, silent, wrong ---------------------------------------------------------------


def test_a_lost_message_is_caught_up(rita: Member, kim: Member, mona: Member) -> None:
    begin_purchase(rita, 1000)
    (purchase,) = purchases_of(rita.id)
    sandbox.write("paid", purchase.id, purchase.cents)
    assert (reconcile().caught_up, purse(rita).bought) == (1, 1000)
    earner(rita, kim, bank="silent")
    asked = ask_cashout(kim, 1000)
    decide_cashout(mona, asked.id, approve=True)
    assert (pay_out(), cashouts_of(kim.id)[0].state) == (0, "sending")
    with clock.at(clock.now() + timedelta(hours=2)):
        assert pay_out() == 0, "asked again, and silent again"
    done = reconcile()
    assert (done.caught_up, done.stops_cashouts) == (1, False)
    assert (cashouts_of(kim.id)[0].state, reconcile().caught_up) == ("paid", 0)


def test_a_difference_stops_cashouts_until_it_is_gone(
    rita: Member, kim: Member, mona: Member
) -> None:
    earner(rita, kim)
    asked = ask_cashout(kim, 1000)
    decide_cashout(mona, asked.id, approve=True)
    book = sandbox._book()
    right = book.read_text()
    sandbox.write("paid", "000000000000", 77)
    done = reconcile()
    assert done.stops_cashouts
    assert done.differences == (
        "The provider has 77 cents paid for 000000000000, which we don’t know.",
    )
    assert (pay_out(), cashouts_of(kim.id)[0].state) == (0, "approved")
    book.write_text(right.replace(": 5000", ": 4000"))
    assert "ours says 5000" in reconcile().differences[0]
    book.write_text("")
    assert "no payment for it" in reconcile().differences[0]
    book.write_text(right)
    assert not reconcile().stops_cashouts
    assert (pay_out(), cashouts_of(kim.id)[0].state) == (1, "paid")


def test_books_that_are_wrong_stop_payouts(rita: Member, kim: Member, mona: Member) -> None:
    otto = join("otto", role=Role.OPERATOR)
    earner(rita, kim)
    asked = ask_cashout(kim, 1000)
    decide_cashout(mona, asked.id, approve=True)
    with transaction.atomic():
        Cashout.objects.filter(id=asked.id).update(state=CashoutState.PAID)
        assert reconcile().stops_cashouts
        assert "its transfer says otherwise" in faults()[0]
        told = list(otto_messages(otto))
        transaction.set_rollback(True)
    assert told == ["books_wrong"]
    assert not reconcile().stops_cashouts
    assert check_books() == 0, "once a day"
    with clock.at(clock.now() + timedelta(days=1)):
        assert check_books() == 1
    last = last_check()
    assert last is not None
    assert last.faults == ()


def otto_messages(otto: Member) -> list[str]:
    from assent.journal.models import Message

    return list(Message.objects.filter(user_id=otto.id).values_list("template", flat=True))


def test_wrong_messages_are_not_taken(rita: Member, kim: Member, mona: Member) -> None:
    earner(rita, kim)
    asked = ask_cashout(kim, 1000)
    for wrong in (
        BankEvent("e1", BankKind.PAID, asked.id, 5),
        BankEvent("e2", BankKind.PAID, "000000000000", 950),
        BankEvent("e3", BankKind.CONFIRMED, "000000000000"),
    ):
        with pytest.raises(Refused):
            take_bank_event(wrong)
    assert take_bank_event(BankEvent("e4", BankKind.PAID, asked.id, 950)) == "asked"
    found = cashout(asked.id)
    assert found is not None
    assert found.state == "asked", "paid before it was sent is no truth of ours"


# The database itself -----------------------------------------------------------------------------


def test_the_database_lets_no_unearned_credit_out(rita: Member, kim: Member) -> None:
    earner(rita, kim)
    row = Transfer.objects.filter(cause="payout").latest("id")
    out = {"debit": row.credit, "cause": "cashout", "kind": "posted", "at": clock.now()}
    ask_cashout(kim, 1000)
    to = Transfer.objects.get(cause="cashout").credit
    for amount, earned in ((10, 5), (10, 0), (2001, 2001), (5, 6)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Transfer.objects.create(key="x", credit=to, amount=amount, earned=earned, **out)
    with pytest.raises(DatabaseError), transaction.atomic():
        Cashout.objects.update(cents=1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_cashout")
    assert ledger_proof().faults == ()


def test_a_payment_event_about_an_unknown_kind_is_nothing(rita: Member) -> None:
    begin_purchase(rita, 500)
    (purchase,) = purchases_of(rita.id)
    event = ProviderEvent("evt", EventKind.DISPUTED, purchase.id, purchase.cents)
    assert take_payment(event) == "begun"


# What a second look found ------------------------------------------------------------------------


def test_frozen_earnings_do_not_leave_through_a_friends_bounty(rita: Member, kim: Member) -> None:
    bought(rita, 5000)
    _, entry = won(rita, kim, 2300)
    notice(f"/entries/{entry}")
    ann = join("ann", 50)
    bounty = posted(ann, "A blue hare", credits_=50)
    with pytest.raises(Refused) as refused:
        pledge_credits(kim, bounty, 400)
    assert code(refused) == "earnings_frozen"
    assert purse(kim) == Purse(300, 0, 2000)
    pledge_credits(kim, bounty, 300)
    assert purse(kim) == Purse(0, 0, 2000), "what was given is hers to spend"
    bought(kim, 500)
    pledge_credits(kim, bounty, 500)


def test_two_presses_of_the_button_ask_once(rita: Member, kim: Member) -> None:
    earner(rita, kim)
    first = ask_cashout(kim, 1000, "0123456789ab")
    again = ask_cashout(kim, 1000, "0123456789ab")
    assert (first.id, again.id, Cashout.objects.count()) == ("0123456789ab",) * 2 + (1,)
    confirmed(rita)
    with pytest.raises(Refused) as refused:
        ask_cashout(rita, 1000, "0123456789ab")
    assert code(refused) == "not_found"


def test_what_the_provider_does_while_we_look_is_no_difference(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment that comes in between reading our books and theirs."""
    begin_purchase(rita, 1000)
    (purchase,) = purchases_of(rita.id)
    before = payments.book

    def meanwhile() -> list[sandbox.BookLine]:
        sandbox.write("paid", purchase.id, purchase.cents)
        event = ProviderEvent("evt_now", EventKind.PAID, purchase.id, purchase.cents)
        take_payment(event)
        return before()

    monkeypatch.setattr(payments, "book", meanwhile)
    done = reconcile()
    assert (done.differences, purse(rita).bought) == ((), 1000)


def test_a_silent_provider_is_asked_again_once_an_hour(
    rita: Member, kim: Member, mona: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    earner(rita, kim, bank="silent")
    decide_cashout(mona, ask_cashout(kim, 1000).id, approve=True)
    pay_out()
    asked: list[str] = []
    monkeypatch.setattr(payments, "send_payout", lambda *a: asked.append(a[0]) or [])
    for minutes in (30, 61, 62, 90, 122, 123):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            pay_out()
    assert len(asked) == 2


def test_transfers_from_before_the_upgrade_are_told_apart_alike(
    rita: Member, kim: Member, mona: Member
) -> None:
    """The migration's own reckoning, held against what was written by the flows."""
    migration = import_module("assent.ledger.migrations.0009_cashing_out")
    bought(rita, 2500)
    won(rita, kim, 1000)
    held = posted(rita, UNSURE, credits_=200)
    decide_held(mona, held, approve=False, reason="Who is it?")
    bounty = posted(kim, "A blue hare", credits_=400)
    pledge_credits(rita, bounty, 100)
    take_back_pledge(rita, bounty)
    award_entry(kim, handed_in(join("ann"), bounty, 7))
    with connection.cursor() as cursor:
        cursor.execute(migration.READ)
        found = migration.origins(cursor.fetchall())
    written = {row.id: (row.promo, row.earned) for row in Transfer.objects.all()}
    assert found == written
    assert set(written.values()) == {(0, 0), (300, 0), (300, 100)}
