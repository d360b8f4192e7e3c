"""Takedowns: what is named is hidden at once, with its copies, and what was removed stays away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from assent.casework import queries as cases
from assent.casework.models import Case, CaseItem, Effect, Notice
from assent.casework.status import status
from assent.catalogue import lists, queries
from assent.catalogue.metadata import page
from assent.catalogue.models import Item, StoredFile
from assent.consent.models import Staydown
from assent.core.access import STRANGER
from assent.core.ledger import Balance
from assent.core.notices import NoticeForm
from assent.core.terms import CaseState, ItemState, Refused
from assent.flows.award_entry import award_entry
from assent.flows.decide_case import remove_in_case
from assent.flows.file_notice import file_notice
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.publish_listing import Offer, publish_listing
from assent.flows.scan_file import scan_file
from assent.gateways import storage
from assent.gateways.secrets import pin_digest
from assent.journal.models import JournalRow
from assent.people.queries import Member
from tests.flows.market import (
    SINGER,
    UNSURE,
    chest,
    drafted,
    handed_in,
    in_days,
    lora_file,
    notice,
    offered,
    opened,
    posted,
    scanned,
    state,
    wallet,
)


def test_what_is_named_is_hidden_before_the_receipt(rita: Member, cora: Member) -> None:
    bounty, listing = posted(rita), offered(cora)
    receipt = notice(f"https://assent.example/bounties/{bounty}", listing.upper())
    assert {state(bounty), state(listing)} == {ItemState.HIDDEN}
    assert (receipt.hidden, receipt.searching) == (2, False)
    assert receipt.deadline - receipt.received_at == timedelta(hours=48)
    seen = status(receipt.number.lower(), pin_digest(f" {receipt.pin.lower()} "))
    assert (seen.state, seen.hidden, seen.outcome) == (CaseState.HIDDEN, 2, "")


@pytest.mark.parametrize("title", [UNSURE, SINGER])
def test_even_what_is_not_public_is_hidden(rita: Member, title: str) -> None:
    bounty = posted(rita, title)
    before = state(bounty)
    notice(bounty)
    assert state(bounty) is ItemState.HIDDEN
    assert cases.state_before(bounty, ItemState.HIDDEN) is before


def test_what_is_hidden_is_in_no_list_and_opens_for_nobody(rita: Member, cora: Member) -> None:
    bounty = posted(rita)
    entry, listing = handed_in(cora, bounty, 1), offered(cora, 2)
    (shown,) = queries.entry(rita.person, entry).images
    notice(bounty, listing)
    for who in (STRANGER, rita.person, cora.person):
        assert lists.cards(who, lists.Filter()).cards == ()
        with pytest.raises(Refused, match="taken down"):
            queries.entry(who, entry)
        with pytest.raises(Refused, match="taken down"):
            queries.listing(who, listing)
    assert lists.mine(rita.person).cards == ()
    assert page("") == ([], None)
    with pytest.raises(Refused, match="taken down"):
        opened(cora, shown.id, thumbnail=True)


def test_exact_copies_are_hidden_by_their_tensors(cora: Member, chris: Member) -> None:
    named, renamed = offered(cora, 7), offered(chris, 8)
    # The same weights under other notes: other bytes, the same tensors.
    offer = Offer("Hills", "", "LoraCreation", ())
    again = scanned(publish_listing(chris, offer, [lora_file(7, {"other": "notes"})], []))
    assert StoredFile.objects.filter(role="work").values("sha256").distinct().count() == 3
    receipt = notice(named)
    assert [state(i) for i in (named, again, renamed)] == [
        ItemState.HIDDEN,
        ItemState.HIDDEN,
        ItemState.PUBLISHED,
    ]
    seen = status(receipt.number, pin_digest(receipt.pin))
    assert receipt.hidden == seen.hidden == 1, "the person is told only of what they named"
    assert set(CaseItem.objects.values_list("item", "how")) == {(named, "named"), (again, "copy")}


def test_words_hide_nothing_and_ask_a_person_to_search(rita: Member) -> None:
    bounty = posted(rita)
    receipt = notice("a watercolour fox", f"it is {bounty} I think")
    assert state(bounty) is ItemState.OPEN
    assert (receipt.hidden, receipt.searching) == (0, True)
    assert Case.objects.get().state == CaseState.RECEIVED


def test_an_id_that_nobody_has_asks_for_a_search(rita: Member) -> None:
    receipt = notice(posted(rita), "000000000000")
    assert (receipt.hidden, receipt.searching) == (1, True)


def test_what_is_hidden_already_joins_the_second_case_too(rita: Member) -> None:
    bounty = posted(rita)
    first, second = notice(bounty), notice(bounty)
    assert (first.hidden, second.hidden) == (1, 1)
    assert Effect.objects.filter(item=bounty, after=ItemState.HIDDEN).count() == 1


def test_a_notice_that_names_nothing_opens_no_case() -> None:
    with pytest.raises(Refused, match="still missing"):
        file_notice(NoticeForm(("  ",), "me", good_faith=True, signature="x"))
    assert not Case.objects.exists()


# The brake --------------------------------------------------------------------------------------


def test_beyond_fifty_a_person_looks_first(rita: Member) -> None:
    bounties = [drafted(rita) for _ in range(51)]
    receipt = notice(*bounties)
    hidden = Item.objects.filter(state=ItemState.HIDDEN).values_list("id", flat=True)
    assert set(hidden) == set(bounties[:50])
    assert (receipt.hidden, receipt.searching) == (50, True)
    assert Case.objects.get().needs_search
    assert len(Notice.objects.get().where) == 51


def test_many_notices_within_an_hour_meet_the_same_brake(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TAKEDOWN_HIDES_PER_HOUR", 3)
    bounties = [drafted(rita) for _ in range(5)]
    assert [notice(*bounties[:2]).hidden, notice(*bounties[2:]).hidden] == [2, 1]
    assert state(bounties[4]) is ItemState.DRAFT
    with in_days(0.05):
        assert notice(bounties[4]).hidden == 1


# The person's secrets ---------------------------------------------------------------------------


def test_nothing_that_the_person_said_is_in_the_journal(rita: Member) -> None:
    contact = {"kind": "email", "value": "vera@example.org"}
    receipt = notice(posted(rita), contact=contact, details={"note": "my cousin"})
    rows = " ".join(f"{r.actor} {r.subject} {r.data}" for r in JournalRow.objects.all())
    for secret in ("vera", "cousin", receipt.number, receipt.pin):
        assert secret not in rows


def test_the_pin_is_stored_as_a_keyed_digest_alone(rita: Member) -> None:
    receipt = notice(posted(rita))
    case = Case.objects.get()
    assert receipt.pin not in str(case.__dict__)
    assert case.pin_digest == pin_digest(receipt.pin)
    assert settings.DIGEST_KEY not in case.pin_digest


def test_a_wrong_pin_and_an_unknown_number_are_refused_alike(rita: Member) -> None:
    receipt = notice(posted(rita))
    refusals = []
    for number, pin in ((receipt.number, "0" * 19), ("0000-0000-0000", receipt.pin)):
        with pytest.raises(Refused) as refused:
            status(number, pin_digest(pin))
        refusals.append(refused.value.refusal)
    assert refusals[0] == refusals[1]


# Decided ----------------------------------------------------------------------------------------


def test_removing_refunds_and_voids(
    rita: Member, sam: Member, cora: Member, chris: Member, mo: Member
) -> None:
    waiting, open_one = posted(rita, credits_=300), posted(rita, credits_=200)
    held = posted(rita, UNSURE, 100)
    pledge_credits(sam, waiting, 50)
    won = handed_in(cora, waiting)
    award_entry(rita, won)
    receipt = notice(won, open_one, held)
    assert remove_in_case(mo, receipt.number) == 3
    assert [state(i) for i in (won, open_one, held)] == [ItemState.REMOVED] * 3
    assert state(waiting) is ItemState.SETTLED
    assert (wallet(rita), wallet(sam)) == (Balance(posted=1000), Balance(posted=1000))
    assert wallet(cora) == chest(waiting) == chest(open_one) == chest(held) == Balance()
    with in_days(4):
        assert pay_due() == 0


def test_removing_takes_nothing_from_who_was_paid(rita: Member, cora: Member, mo: Member) -> None:
    bounty = posted(rita)
    won = handed_in(cora, bounty)
    award_entry(rita, won)
    with in_days(4):
        pay_due()
        remove_in_case(mo, notice(won, bounty).number)
    assert wallet(cora) == Balance(posted=100)
    assert wallet(rita) == Balance(posted=900)


def test_removing_deletes_the_bytes_and_tells_the_person(
    cora: Member, mo: Member, rita: Member
) -> None:
    listing = offered(cora)
    files = [f.id for f in queries.files_of([listing])]
    receipt = notice(listing)
    assert all(storage.path_of(f).exists() for f in files)
    remove_in_case(mo, receipt.number)
    assert not [i for i, _ in storage.stored_ids() if i in files]
    seen = status(receipt.number, pin_digest(receipt.pin))
    assert (seen.state, seen.outcome) == (CaseState.DECIDED, "removed_likeness")
    with pytest.raises(Refused, match="Somebody else has worked"):
        remove_in_case(mo, receipt.number)


def test_only_staff_decide_a_case_and_never_on_their_own_item(rita: Member, mo: Member) -> None:
    receipt = notice(posted(rita), drafted(mo))
    with pytest.raises(Refused, match="work the queue"):
        remove_in_case(rita, receipt.number)
    with pytest.raises(Refused, match="your own item"):
        remove_in_case(mo, receipt.number)
    assert not Item.objects.filter(state=ItemState.REMOVED).exists()


def test_a_file_that_waits_when_its_item_is_removed_is_not_scanned(
    rita: Member, cora: Member, mo: Member
) -> None:
    entry = hand_in_entry(cora, posted(rita), "", [lora_file()], [])
    remove_in_case(mo, notice(entry).number)
    (file,) = StoredFile.objects.filter(item=entry)
    scan_file(file.id)
    assert state(entry) is ItemState.REMOVED


# Stays down -------------------------------------------------------------------------------------


def test_what_was_taken_down_is_refused_when_it_comes_back(cora: Member, mo: Member) -> None:
    remove_in_case(mo, notice(offered(cora, 5)).number)
    assert state(offered(cora, 5)) is ItemState.REFUSED
    # Its plain test picture looks like the other one, so a person looks; nothing refuses it.
    assert state(offered(cora, 6)) is not ItemState.REFUSED


def test_what_is_under_an_undecided_case_is_held_when_it_comes_back(cora: Member) -> None:
    notice(offered(cora, 5))
    assert state(offered(cora, 5)) is ItemState.HELD
    assert not Staydown.objects.filter(decided=True).exists()


def test_staydown_keeps_no_hash_in_the_clear(cora: Member) -> None:
    listing = offered(cora)
    notice(listing)
    hashes = {h for f in queries.files_of([listing]) for h in (f.sha256, f.tensor_hash) if h}
    assert len(hashes) == 3
    assert Staydown.objects.count() == 2 * len(hashes)  # under the current and the next key
    assert hashes.isdisjoint(Staydown.objects.values_list("digest", flat=True))
