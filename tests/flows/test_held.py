"""What is held: the credits wait, a moderator decides, and the owner is told."""

from __future__ import annotations

import pytest

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.context import waiting_files_of
from assent.catalogue.lists import queue
from assent.catalogue.models import Pledge, Screening, StoredFile
from assent.core.ledger import Balance, PledgeState
from assent.core.terms import ItemState, Refused, Role
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.decide_held import decide_held
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.scan_file import scan_file
from assent.gateways import storage
from assent.journal.models import Message
from assent.people.queries import Member
from tests.core.files.files_made import KOHYA_NOTES
from tests.flows.market import (
    OWN_FACE,
    SINGER,
    UNSURE,
    chest,
    handed_in,
    join,
    lora_file,
    offered,
    picture_file,
    posted,
    scanned,
    state,
    wallet,
)


def test_a_held_bounty_only_reserves(rita: Member) -> None:
    bounty = posted(rita, UNSURE, 300)
    assert state(bounty) is ItemState.HELD
    assert wallet(rita) == Balance(posted=1000, reserved=300)
    assert chest(bounty) == Balance(incoming=300)
    assert Pledge.objects.get().state == PledgeState.PENDING


def test_approval_brings_the_credits_into_escrow(rita: Member, mo: Member) -> None:
    bounty = posted(rita, UNSURE, 300)
    decide_held(mo, bounty, approve=True, reason="It is her own.")
    assert state(bounty) is ItemState.OPEN
    assert wallet(rita) == Balance(posted=700)
    assert chest(bounty) == Balance(posted=300)
    assert Pledge.objects.get().state == PledgeState.HELD


def test_refusal_frees_the_credits(rita: Member, mo: Member) -> None:
    bounty = posted(rita, UNSURE, 300)
    decide_held(mo, bounty, approve=False, reason="The pictures are of somebody else.")
    assert state(bounty) is ItemState.REFUSED
    assert wallet(rita) == Balance(posted=1000)
    assert chest(bounty) == Balance()
    told = set(Message.objects.filter(user=rita.id).values_list("template", flat=True))
    assert told == {"refused", "refunded"}


@pytest.mark.parametrize("approve", [True, False])
def test_it_is_decided_once(rita: Member, mo: Member, approve: bool) -> None:
    bounty = posted(rita, UNSURE)
    decide_held(mo, bounty, approve=approve, reason="Seen.")
    with pytest.raises(Refused, match="changed while you were looking"):
        decide_held(mo, bounty, approve=not approve, reason="Seen again.")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_refusal_needs_a_reason_that_can_be_read(rita: Member, mo: Member, reason: str) -> None:
    bounty = posted(rita, UNSURE)
    with pytest.raises(Refused, match="Say why"):
        decide_held(mo, bounty, approve=False, reason=reason)
    assert state(bounty) is ItemState.HELD


def test_nobody_but_staff_decides(rita: Member, sam: Member) -> None:
    bounty = posted(rita, UNSURE)
    with pytest.raises(Refused, match="Only moderators"):
        decide_held(rita, bounty, approve=True, reason="")
    for who in (sam, join("ada", role=Role.AUDITOR)):
        with pytest.raises(Refused, match="nothing here"):
            decide_held(who, bounty, approve=True, reason="")
    with pytest.raises(Refused, match="nothing here"):
        decide_held(sam, "000000000000", approve=True, reason="")


def test_a_moderator_does_not_decide_on_their_own(mo: Member) -> None:
    mia = join("mia", 500, Role.MODERATOR)
    bounty = posted(mia, UNSURE)
    with pytest.raises(Refused, match="your own item"):
        decide_held(mia, bounty, approve=True, reason="")
    decide_held(mo, bounty, approve=True, reason="")
    assert state(bounty) is ItemState.OPEN


def test_the_queue_is_for_staff_and_shows_what_is_held(
    rita: Member, mo: Member, sam: Member
) -> None:
    bounty = posted(rita, UNSURE)
    posted(rita)
    posted(rita, SINGER)
    assert [card.item.id for card in queue(mo.person).cards] == [bounty]
    with pytest.raises(Refused, match="work the queue"):
        queue(sam.person)


# Files ------------------------------------------------------------------------------------------


def test_nothing_is_published_before_every_file_was_scanned(
    rita: Member, cora: Member, mo: Member
) -> None:
    entry = hand_in_entry(cora, posted(rita), "", [lora_file()], [picture_file()])
    with pytest.raises(Refused, match="still being scanned"):
        decide_held(mo, entry, approve=True, reason="")
    decide_held(mo, entry, approve=False, reason="Spam.")
    assert state(scanned(entry)) is ItemState.REFUSED


def test_an_item_waits_for_the_last_of_its_files_and_is_screened_once(
    rita: Member, cora: Member
) -> None:
    entry = hand_in_entry(cora, posted(rita), "", [lora_file()], [picture_file()])
    first, last = waiting_files_of(entry)
    scan_file(first)
    assert state(entry) is ItemState.HELD
    assert not Screening.objects.filter(item=entry).exists()
    scan_file(last)
    assert state(entry) is ItemState.PUBLISHED
    assert Screening.objects.filter(item=entry).count() == 1


def test_until_then_only_its_creator_and_staff_see_it_on_the_bounty(
    rita: Member, sam: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita)
    entry = hand_in_entry(cora, bounty, "", [lora_file()], [picture_file()])
    for who, seen in ((rita, 0), (sam, 0), (cora, 1), (mo, 1)):
        assert len(queries.bounty(who.person, bounty).entries) == seen
    scanned(entry)
    assert len(queries.bounty(sam.person, bounty).entries) == 1


def test_the_training_notes_of_a_file_are_screened_like_words(rita: Member, cora: Member) -> None:
    bounty = posted(rita)
    notes = {"ss_tag_frequency": '{"10_taylor swift": {"taylor swift": 40}}'}
    entry = hand_in_entry(cora, bounty, "", [lora_file(1, KOHYA_NOTES | notes)], [])
    assert state(scanned(entry)) in (ItemState.HELD, ItemState.REFUSED)


def test_a_note_that_names_a_singer_is_refused_with_its_files(rita: Member, cora: Member) -> None:
    entry = handed_in(cora, posted(rita), note="Looks just like Taylor Swift.")
    assert state(entry) in (ItemState.HELD, ItemState.REFUSED)
    assert queries.last_screening(entry) is not None


def test_a_scan_that_runs_again_changes_nothing(rita: Member, cora: Member) -> None:
    entry = handed_in(cora, posted(rita))
    before = Message.objects.count()
    for file in StoredFile.objects.filter(item=entry):
        scan_file(file.id)
    scan_file("000000000000")
    assert Message.objects.count() == before


def test_a_file_that_lies_about_itself_leaves_nothing_behind(rita: Member, cora: Member) -> None:
    before = set(storage.stored_ids())
    broken = lora_file()
    broken.name = "fox.png"
    with pytest.raises(Refused):
        hand_in_entry(cora, posted(rita), "", [lora_file()], [broken])
    assert set(storage.stored_ids()) == before
    assert not StoredFile.objects.exists()


def test_the_whole_upload_goes_when_the_bounty_has_closed_meanwhile(
    rita: Member, cora: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounty = posted(rita)
    lock = catalogue.lock

    def too_late(item: str, expected: ItemState) -> None:
        cancel_bounty(rita, bounty)
        lock(item, expected)

    monkeypatch.setattr(catalogue, "lock", too_late)
    before = set(storage.stored_ids())
    with pytest.raises(Refused, match="changed while"):
        hand_in_entry(cora, bounty, "", [lora_file()], [])
    assert set(storage.stored_ids()) == before


def test_a_listing_is_published_once_it_was_scanned(cora: Member, sam: Member) -> None:
    listing = offered(cora)
    assert state(listing) is ItemState.PUBLISHED
    assert queries.listing(sam.person, listing).works[0].is_clean
    refused = offered(cora, title=SINGER)
    assert state(refused) is ItemState.REFUSED


@pytest.mark.parametrize("title", [OWN_FACE, "LoRA of my wife, she agreed"])
def test_not_even_a_moderator_publishes_a_person_without_a_record(
    rita: Member, mo: Member, title: str
) -> None:
    bounty = posted(rita, title)
    assert state(bounty) is ItemState.HELD
    with pytest.raises(Refused) as refused:
        decide_held(mo, bounty, approve=True, reason="She says that it is fine.")
    assert refused.value.refusal.code == "likeness_without_consent"
    assert state(bounty) is ItemState.HELD
    decide_held(mo, bounty, approve=False, reason="No record covers it.")
    assert wallet(rita).available == 1000
