"""The proofs: what a thief with the database in hand cannot hide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from assent.catalogue.models import Pledge
from assent.core.ledger import PledgeState
from assent.gateways import clock
from assent.journal.chain import Link, link_hash
from assent.journal.models import JournalHead, JournalRow
from assent.journal.queries import head
from assent.ledger.models import Account
from assent.ops.proofs import journal_proof, ledger_proof
from tests.flows.market import join, posted

pytestmark = pytest.mark.django_db


def unlocked(table: str) -> None:
    """Do as somebody would who owns the database: take the triggers away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture(autouse=True)
def a_market() -> str:
    """Rita has a bounty."""
    return posted(join("rita", 1000))


def forge(table: str, statement: str) -> None:
    unlocked(table)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_honest_market_has_nothing_to_hide() -> None:
    books, journal = ledger_proof(), journal_proof(head())
    assert (books.faults, journal.faults) == ((), ())
    assert (books.transfers, books.accounts) == (2, 3)
    assert journal.rows == JournalRow.objects.count()


def test_a_writer_whose_clock_is_behind_does_not_break_the_journal() -> None:
    with clock.at(clock.now() - timedelta(hours=1)):
        posted(join("sam", 100))
    assert journal_proof().faults == ()
    times = list(JournalRow.objects.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)


FORGED = {
    "more credits for nothing": (
        "UPDATE ledger_transfer SET amount = amount + 5 WHERE cause = 'pledge'",
        "holds 105, its live pledges are 100",
    ),
    "a grant that never was": (
        "DELETE FROM ledger_transfer WHERE cause = 'grant'",
        "100 credits below zero",
    ),
    "a pledge that never was": (
        "DELETE FROM ledger_transfer WHERE cause = 'pledge'",
        "holds 0, its live pledges are 100",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_cooked_books_are_found(what: str) -> None:
    statement, sentence = FORGED[what]
    forge("ledger_transfer", statement)
    assert any(sentence in fault for fault in ledger_proof().faults)


def test_a_pledge_changed_behind_the_books_is_found(a_market: str) -> None:
    if (
        connection.vendor == "postgresql"
    ):  # what is checked at the end is checked before the forgery
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Pledge.objects.update(state=PledgeState.REFUNDED)
    assert ledger_proof().faults == (
        f"The escrow of bounty {a_market} holds 100, its live pledges are 0.",
    )


def test_an_escrow_of_nobodys_is_found() -> None:
    unlocked("ledger_account")
    Account.objects.filter(kind="escrow").update(name="escrow:nothing:credit")
    assert len(ledger_proof().faults) == 2


def test_an_edited_journal_row_is_found() -> None:
    forge("journal_journalrow", "UPDATE journal_journalrow SET actor = 'nobody' WHERE seq = 2")
    assert journal_proof().faults == ("Row 2 was changed after it was written.",)


def test_a_deleted_journal_row_is_found() -> None:
    forge("journal_journalrow", "DELETE FROM journal_journalrow WHERE seq = 2")
    assert "Row 2 is missing" in journal_proof().faults[0]


def cut_off(published: int) -> None:
    """Cut the end off, and make the head agree with what is left."""
    unlocked("journal_journalrow")
    JournalRow.objects.filter(seq__gte=published).delete()
    last = JournalRow.objects.order_by("-seq").first()
    assert last is not None
    JournalHead.objects.update(seq=last.seq, hash=last.hash)


def rewrite(published: int) -> None:
    """Rewrite a row and every hash after it, the head's too: the perfect forgery."""
    unlocked("journal_journalrow")
    previous = JournalRow.objects.get(seq=1).hash
    for row in JournalRow.objects.filter(seq__gte=2).order_by("seq"):
        row.actor, row.previous = "nobody", previous
        link = Link(
            row.seq, row.at, row.actor, row.verb, row.subject, row.rule, row.data, row.previous
        )
        previous = row.hash = link_hash(link)
        row.save()
    JournalHead.objects.update(hash=previous)


@pytest.mark.parametrize("forgery", [cut_off, rewrite])
def test_only_a_root_published_before_betrays_a_perfect_forgery(
    forgery: Callable[[int], None],
) -> None:
    published = head()
    forgery(published[0])
    assert journal_proof().faults == ()
    assert "rewritten or cut off" in journal_proof(published).faults[0]


def test_a_published_root_stays_good_while_the_journal_grows() -> None:
    published = head()
    with transaction.atomic(), clock.at(clock.now()):
        posted(join("sam", 100))
    assert journal_proof(published).faults == ()
    assert journal_proof((0, "0" * 64)).faults == ()
    assert journal_proof((10**6, "0" * 64)).faults != ()
