"""The books in the database: the worked examples, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assent.catalogue.models import Pledge
from assent.core.ledger import (
    ISSUE,
    AccountName,
    Balance,
    Cause,
    Payment,
    Resolution,
    Row,
    TransferKind,
    balances,
    faults,
    member,
)
from assent.core.settlement import Effects
from assent.core.terms import Refused
from assent.effects.apply import apply
from assent.flows.grant_credits import grant_credits
from assent.gateways import clock
from assent.journal.models import JournalRow
from assent.ledger import post
from assent.ledger.models import Transfer
from assent.ledger.queries import all_rows, balance_of
from assent.people.queries import Member
from tests.books import WORKED, Shows, account, steps
from tests.flows.market import HOUSE, join, posted

NAMED = {str(account(w)): account(w) for w in ("issue", "rita", "sam", "cora", "escrow")}


def write(row: Row, written: dict[int, Row]) -> None:
    """Do what one line of an example says."""
    if row.resolves is not None:
        post.resolve([Resolution(written[row.resolves].key, row.kind)], clock.now())
        return
    pending = row.kind is TransferKind.PENDING
    debit, credit = NAMED[row.debit], NAMED[row.credit]
    payment = Payment(row.key, debit, credit, row.amount, Cause.GRANT, "", pending)
    post.pay([payment], clock.now())


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that leaves nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("title", WORKED)
def test_the_worked_examples_come_out_the_same_in_the_database(title: str) -> None:
    written: dict[int, Row] = {}
    with taken_back():
        for step in steps(WORKED[title]):
            if isinstance(step, Shows):
                assert balance_of(step.account) == step.balance
            else:
                write(step, written)
                written[step.id] = step


STEP = st.tuples(
    st.sampled_from(TransferKind), st.permutations(list(NAMED.values())), st.integers(1, 500)
)
ALONE = (TransferKind.POSTED, TransferKind.PENDING)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=20))
def test_the_database_sums_what_the_reference_adds_up(
    wanted: list[tuple[TransferKind, list[AccountName], int]],
) -> None:
    with taken_back():
        waiting: list[str] = []
        for number, (kind, (debit, credit, *_), amount) in enumerate(wanted):
            # A step that the books refuse, as not covered or settled before, changes nothing.
            with suppress(Refused), transaction.atomic():
                if kind in ALONE:
                    pending = kind is TransferKind.PENDING
                    key = f"k{number}"
                    payment = Payment(key, debit, credit, amount, Cause.GRANT, "", pending)
                    post.pay([payment], clock.now())
                    waiting += [key] if pending else []
                elif waiting:
                    which = waiting[amount % len(waiting)]
                    post.resolve([Resolution(which, kind)], clock.now())
        rows = list(all_rows())
        books = balances(rows)
        assert faults(rows) == []
        assert all(balance_of(a) == books.get(name, Balance()) for name, a in NAMED.items())


# Once -------------------------------------------------------------------------------------------


def test_the_same_key_moves_credits_once() -> None:
    rita = join("rita")
    grant_credits(rita.party, 100, "prize", by=HOUSE)
    with pytest.raises(Refused, match="Nothing was moved a second time"):
        grant_credits(rita.party, 100, "prize", by=HOUSE)
    assert balance_of(member(rita.key)) == Balance(posted=100)


@pytest.mark.parametrize("second", [TransferKind.POST, TransferKind.VOID, TransferKind.EXPIRE])
def test_a_pending_transfer_is_settled_once(second: TransferKind) -> None:
    with taken_back():
        at = clock.now()
        pending = Payment("p", ISSUE, member("rita"), 5, Cause.GRANT, "", pending=True)
        post.pay([pending], at)
        post.resolve([Resolution("p", TransferKind.POST)], at)
        with pytest.raises(Refused, match="settled already"):
            post.resolve([Resolution("p", second)], at)


def test_effects_are_written_in_one_transaction_or_not_at_all(rita: Member) -> None:
    at = clock.now()
    wallet = member(rita.key)
    good = Payment("one", ISSUE, wallet, 10, Cause.GRANT, "")
    bad = Payment("two", wallet, ISSUE, 5000, Cause.REFUND, "")
    before = (Transfer.objects.count(), JournalRow.objects.count())
    with pytest.raises(Refused), transaction.atomic():
        apply(Effects(payments=(good, bad)), by=HOUSE, rule="test", at=at)
    assert (Transfer.objects.count(), JournalRow.objects.count()) == before


# What the database itself refuses ---------------------------------------------------------------

LEDGER, JOURNAL = "ledger_transfer", "journal_journalrow"
COPY = f"""INSERT INTO {JOURNAL}
    (seq, at, actor, verb, subject, rule, data, previous, hash)
    SELECT seq, at, 'nobody', verb, subject, rule, data, previous, hash FROM {JOURNAL}"""
RESOLVE = """INSERT INTO ledger_transfer
    (key, kind, debit_id, credit_id, amount, cause, subject, at, resolves_id)
    SELECT 'forged', 'post', {debit}, {credit}, {amount}, cause, subject, at, {which}
    FROM ledger_transfer WHERE kind = 'pending'"""
FORGED = {
    "edit a transfer": f"UPDATE {LEDGER} SET amount = amount + 1",
    "move a transfer": f"UPDATE {LEDGER} SET credit_id = debit_id",
    "delete a transfer": f"DELETE FROM {LEDGER}",
    "edit a journal row": f"UPDATE {JOURNAL} SET actor = 'nobody'",
    "date a journal row back": f"UPDATE {JOURNAL} SET at = '2020-01-01 00:00:00+00:00'",
    "delete a journal row": f"DELETE FROM {JOURNAL}",
    "write a journal row over another": f"""{COPY} WHERE seq = 1
        ON CONFLICT (seq) DO UPDATE SET actor = 'nobody'""",
    "settle for more": RESOLVE.format(
        debit="debit_id", credit="credit_id", amount="amount + 1", which="id"
    ),
    "settle to somebody else": RESOLVE.format(
        debit="credit_id", credit="debit_id", amount="amount", which="id"
    ),
    "settle what is not there": RESOLVE.format(
        debit="debit_id", credit="credit_id", amount="amount", which="0"
    ),
    "settle nothing": RESOLVE.format(
        debit="debit_id", credit="credit_id", amount="amount", which="NULL"
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_the_database_itself_refuses_to(rita: Member, what: str) -> None:
    posted(rita, "My own face as a LoRA")
    rows = list(Transfer.objects.values()), list(JournalRow.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGED[what])
    assert (list(Transfer.objects.values()), list(JournalRow.objects.values())) == rows


def test_sqlites_own_way_of_replacing_a_row_is_closed_too(rita: Member) -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(COPY.replace("INSERT", "INSERT OR REPLACE"))


def test_the_database_refuses_a_second_settlement(rita: Member) -> None:
    posted(rita, "My own face as a LoRA")
    settle = RESOLVE.format(debit="debit_id", credit="credit_id", amount="amount", which="id")
    with transaction.atomic():
        Pledge.objects.update(state="held")  # as the flow does first
        with connection.cursor() as cursor:
            cursor.execute(settle)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(settle.replace("forged", "again"))
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", ALONE)
def test_the_database_itself_keeps_an_account_above_zero(
    rita: Member, sam: Member, kind: TransferKind
) -> None:
    """Of 1,000 credits 930 are reserved: 70 may go, and not one more."""
    reserved = Payment("r", member(rita.key), member(sam.key), 930, Cause.GRANT, "", pending=True)
    with transaction.atomic():
        post.pay([reserved], clock.now())
    row = Transfer.objects.get(key="r")
    more = {"debit": row.debit, "credit": row.credit, "cause": Cause.GRANT, "at": clock.now()}
    with pytest.raises(DatabaseError, match="below zero"), transaction.atomic():
        Transfer.objects.create(key="too much", kind=kind, amount=71, promo=71, **more)
    Transfer.objects.create(key="just enough", kind=kind, amount=70, promo=70, **more)
    assert balance_of(member(rita.key)).available == 0
