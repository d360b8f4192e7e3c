"""Case work: what a worker finds joins the case, and what is decided is decided whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from assent.casework import queries as cases
from assent.casework.models import Case, CaseItem, Decision
from assent.catalogue.models import Item
from assent.consent.models import Staydown
from assent.core.ledger import Balance
from assent.core.terms import CaseState, ItemState, Refused, Role
from assent.flows.add_to_case import add_to_case
from assent.flows.award_entry import award_entry
from assent.flows.decide_case import remove_in_case
from assent.flows.pay_due import pay_due
from assent.flows.send_messages import send_messages
from assent.gateways import clock
from assent.journal.queries import events_of
from assent.people.queries import Member
from tests.flows.market import (
    chest,
    handed_in,
    in_days,
    join,
    lora_file,
    notice,
    offered,
    posted,
    state,
    wallet,
)


@pytest.fixture
def number() -> str:
    """A case that says only what it is about."""
    return notice("the fox that looks like me").number


def how() -> dict[str, str]:
    return dict(CaseItem.objects.values_list("item", "how"))


def test_a_bounty_takes_its_entries_along_into_the_case(
    rita: Member, cora: Member, chris: Member
) -> None:
    bounty = posted(rita)
    entries = [handed_in(cora, bounty, 1), handed_in(chris, bounty, 2)]
    copy = offered(chris, 2)
    assert notice(bounty).hidden == 1
    assert {state(i) for i in (bounty, *entries, copy)} == {ItemState.HIDDEN}
    assert how() == {bounty: "named", entries[0]: "part", entries[1]: "part", copy: "copy"}


def test_an_entry_does_not_take_its_bounty_along(rita: Member, cora: Member) -> None:
    bounty = posted(rita)
    entry = handed_in(cora, bounty)
    notice(entry)
    assert (state(entry), state(bounty)) == (ItemState.HIDDEN, ItemState.OPEN)


def test_what_a_worker_finds_is_hidden_with_its_entries_and_copies(
    rita: Member, cora: Member, mo: Member, number: str
) -> None:
    bounty = posted(rita)
    entry, copy, other = handed_in(cora, bounty, 1), offered(cora, 1), offered(cora, 2)
    assert add_to_case(mo, number, f"https://assent.example/bounties/{bounty}") == 3
    assert {state(i) for i in (bounty, entry, copy)} == {ItemState.HIDDEN}
    assert state(other) is ItemState.PUBLISHED
    assert set(how().values()) == {"search"}
    assert Case.objects.get().state == CaseState.HIDDEN
    assert Decision.objects.filter(rule="takedown.found_by_search").get().actor_id == mo.id
    assert [e.verb for e in events_of(Case.objects.get().id)] == ["case.received", "case.joined"]


def test_what_is_found_comes_back_for_nobody(cora: Member, mo: Member, number: str) -> None:
    add_to_case(mo, number, offered(cora, 5))
    assert state(offered(cora, 5)) is ItemState.HELD
    remove_in_case(mo, number)
    assert state(offered(cora, 5)) is ItemState.REFUSED
    assert Staydown.objects.filter(decided=True).exists()


@pytest.mark.parametrize("where", ["", "a watercolour fox", "000000000000"])
def test_what_nobody_has_joins_nothing(mo: Member, number: str, where: str) -> None:
    with pytest.raises(Refused, match="No item has this link"):
        add_to_case(mo, number, where)
    assert Case.objects.get().state == CaseState.RECEIVED


def test_nothing_joins_a_decided_case(rita: Member, mo: Member, number: str) -> None:
    remove_in_case(mo, number)
    bounty = posted(rita)
    with pytest.raises(Refused, match="worked on this case meanwhile"):
        add_to_case(mo, number, bounty)
    assert state(bounty) is ItemState.OPEN


def test_only_staff_look_into_a_case(rita: Member, number: str) -> None:
    for who in (rita, join("ada", role=Role.AUDITOR)):
        with pytest.raises(Refused, match="work the queue"):
            cases.case_file(who.person, number)
        with pytest.raises(Refused, match="work the queue"):
            cases.open_cases(who.person)
        with pytest.raises(Refused, match="work the queue"):
            add_to_case(who, number, posted(rita))
    assert not CaseItem.objects.exists()


def test_a_worker_sees_the_notice_and_where_each_item_was(
    rita: Member, mo: Member, number: str
) -> None:
    bounty = posted(rita)
    add_to_case(mo, number, bounty)
    file = cases.case_file(mo.person, number.lower())
    assert file.where == ("the fox that looks like me",)
    assert [(i.id, i.state, i.before, i.owner) for i in file.items] == [
        (bounty, ItemState.HIDDEN, ItemState.OPEN, rita.id)
    ]
    assert [case.number for case in cases.open_cases(mo.person)] == [number]
    remove_in_case(mo, number)
    assert cases.open_cases(mo.person) == []


def test_an_unknown_case_is_nobodys(mo: Member) -> None:
    with pytest.raises(Refused, match="do not belong together"):
        cases.case_file(mo.person, "0000-0000-0000")
    with pytest.raises(Refused, match="do not belong together"):
        remove_in_case(mo, "0000-0000-0000")


def test_removing_a_bounty_refunds_it_though_its_entries_go_as_well(
    rita: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita, credits_=300)
    handed_in(cora, bounty, 1)
    handed_in(cora, bounty, 2)
    assert remove_in_case(mo, notice(bounty).number) == 3
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.REMOVED}
    assert wallet(rita) == Balance(posted=1000)
    assert chest(bounty) == Balance()


def test_removing_a_losing_entry_does_not_stop_the_winners_payout(
    rita: Member, cora: Member, chris: Member, mo: Member
) -> None:
    bounty = posted(rita)
    winner, loser = handed_in(cora, bounty, 1), handed_in(chris, bounty, 2)
    award_entry(rita, winner)
    remove_in_case(mo, notice(loser).number)
    assert wallet(cora) == Balance(incoming=100)
    with in_days(4):
        assert pay_due() == 1
    assert wallet(cora) == Balance(posted=100)


def test_removing_an_entry_leaves_the_credits_of_its_open_bounty_where_they_are(
    rita: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita)
    remove_in_case(mo, notice(handed_in(cora, bounty)).number)
    assert state(bounty) is ItemState.OPEN
    assert chest(bounty) == Balance(posted=100)


def test_owners_are_told_and_not_by_whom(rita: Member, cora: Member, mo: Member) -> None:
    bounty = posted(rita)
    handed_in(cora, bounty)
    send_messages()
    mail.outbox.clear()
    receipt = notice(bounty, contact={"kind": "email", "value": "vera@example.org"})
    remove_in_case(mo, receipt.number)
    with clock.at(clock.now() + timedelta(days=2)):  # removals are told once a day
        assert send_messages() == 3
    assert {to for letter in mail.outbox for to in letter.to} == {
        "rita@example.org",
        "cora@example.org",
    }
    for letter in mail.outbox:
        for secret in ("vera", "mo@", receipt.number, receipt.pin, lora_file().name or "?"):
            assert secret not in f"{letter.subject} {letter.body}"
