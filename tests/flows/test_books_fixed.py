"""Accounts and the terms of payouts never change: the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from assent.flows.award_entry import award_entry
from assent.flows.pay_due import pay_due
from assent.ledger.models import Payout
from assent.people.queries import Member
from tests.flows.market import handed_in, in_days, posted

REFUSED = [
    "UPDATE ledger_account SET name = 'other'",
    "UPDATE ledger_account SET kind = 'issue'",
    "DELETE FROM ledger_account",
    "UPDATE ledger_payout SET amount = amount + 1",
    "UPDATE ledger_payout SET creator_id = creator_id",
    "UPDATE ledger_payout SET pledge_id = pledge_id",
    "DELETE FROM ledger_payout",
    "INSERT INTO ledger_payout SELECT 'another', bounty_id, pledge_id, entry_id, creator_id, 0,"
    " state, due_at FROM ledger_payout",
]
COLUMNS = "(id, bounty_id, pledge_id, entry_id, creator_id, amount, state, due_at)"


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(rita: Member, cora: Member, statement: str) -> None:
    award_entry(rita, handed_in(cora, posted(rita)))
    before = list(Payout.objects.values())
    statement = statement.replace("ledger_payout SELECT", f"ledger_payout {COLUMNS} SELECT")
    with (
        pytest.raises(DatabaseError, match=r"never|above zero"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Payout.objects.values()) == before


def test_the_state_of_a_payout_still_moves_on(rita: Member, cora: Member) -> None:
    award_entry(rita, handed_in(cora, posted(rita)))
    with in_days(30):
        pay_due()
    assert Payout.objects.get().state == "posted"
