"""Takedown requirements, each test named after one: see docs/reference/takedown.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import override_settings

from assent.casework import queries as cases
from assent.casework.models import Case, CaseItem
from assent.casework.status import status
from assent.catalogue.models import Item, StoredFile
from assent.catalogue.queries import files_of
from assent.consent.models import Exempt, Staydown
from assent.core.notices import Ground, NoticeForm
from assent.core.terms import CaseState, ItemState, Refused, Role, WorkType
from assent.flows import file_notice as filing
from assent.flows.absorb_notices import absorb_notices
from assent.flows.decide_case import remove_in_case
from assent.flows.exempt_hash import exempt_hash
from assent.flows.find_case import find_case
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.publish_listing import Offer, publish_listing
from assent.flows.rotate_keys import rotate_keys
from assent.flows.send_messages import send_messages
from assent.flows.watch_clocks import watch_clocks
from assent.gateways import clock, intake, keyring
from assent.gateways.secrets import pin_digest
from assent.journal.models import JournalRow, Message
from assent.people.queries import Member
from tests.core.files.files_made import lora
from tests.flows.market import (
    handed_in,
    join,
    lora_file,
    notice,
    offered,
    picture_file,
    posted,
    scanned,
    state,
    versioned,
)

OFFER = Offer("Quiet hills", "", WorkType.LORA, ("mist",), "SDXL 1.0")


@pytest.fixture(autouse=True)
def store_of_its_own(tmp_path: Path) -> Iterator[None]:
    with override_settings(INTAKE_DIR=tmp_path / "intake", KEYS_DIR=tmp_path / "keys"):
        yield


@pytest.fixture
def mia() -> Member:
    """Another moderator."""
    return join("mia", role=Role.MODERATOR)


def hashes(item: str) -> tuple[str, str]:
    file = next(f for f in files_of([item]) if f.tensor_hash)
    return file.sha256, file.tensor_hash


def test_req_td_06_an_incomplete_request_counts_and_hides(rita: Member) -> None:
    bounty = posted(rita)
    form = NoticeForm((bounty,), "", good_faith=False, signature="")
    receipt = filing.file_notice(form)
    assert receipt.missing == ("relation", "good_faith", "signature")
    assert receipt.deadline - receipt.received_at == timedelta(hours=48)
    assert state(bounty) is ItemState.HIDDEN


def test_req_td_06_the_clock_never_pauses(rita: Member, mo: Member, mia: Member) -> None:
    receipt = notice(posted(rita))
    due = receipt.deadline
    propose_refusal(mo, receipt.number, Ground.NO_LIKENESS)
    seen = status(receipt.number, pin_digest(receipt.pin))
    assert (seen.state, seen.deadline) == (CaseState.IN_REVIEW, due)


def test_req_td_24_alerts_at_half_and_four_fifths_and_a_missed_clock_is_an_event(
    rita: Member, mo: Member, mia: Member
) -> None:
    receipt = notice(posted(rita))
    start = receipt.received_at
    found = []
    for hour in range(0, 30 * 24, 6):  # thirty days of a case that nobody looks at
        with clock.at(start + timedelta(hours=hour)):
            found += [hour] * watch_clocks()
    assert found == [24, 42, 48]  # checked every six hours: 80 % of 48 h is 38.4 h
    verbs = JournalRow.objects.filter(rule="takedown.clock").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["case.warned", "case.warned", "case.late"]
    assert Message.objects.filter(template="case_clock").count() == 3 * 2
    assert send_messages() >= 3 * 2
    sent = [m for m in mail.outbox if "takedown request waits" in m.subject]
    assert [m.body.count("50 per cent") for m in sent].count(1) == 2
    assert not any(receipt.number in m.body for m in sent)


@pytest.mark.parametrize("which", [0, 1])
def test_req_td_07_an_exact_hash_hides_and_shows_nothing_back(cora: Member, which: int) -> None:
    listing = offered(cora)
    receipt = notice(hashes(listing)[which])
    assert state(listing) is ItemState.HIDDEN
    assert receipt.hidden == 0  # a hash is no search engine: the receipt does not tell


@override_settings(TAKEDOWN_HIDES_PER_NOTICE=2)
def test_req_td_07_a_popular_hash_cannot_empty_the_shop(cora: Member) -> None:
    listings = [offered(cora, 3) for _ in range(4)]
    before = clock.now()
    notice(hashes(listings[0])[1])
    assert [state(i) for i in sorted(listings)].count(ItemState.HIDDEN) == 2
    due = Case.objects.get().triage_by
    assert due is not None
    assert before < due <= clock.now() + timedelta(hours=1)


def test_req_td_07_a_wrong_hash_on_the_negative_list_hides_nothing_more(cora: Member) -> None:
    base, other = offered(cora, 3), offered(cora, 3)
    for kind, value in zip(("sha256", "tensors"), hashes(base), strict=True):
        for one in keyring.stored(kind, value):
            Exempt.objects.create(
                digest=one.digest, kind=kind, key_version=one.version, at=clock.now()
            )
    for file in files_of([base]):
        if file.role == "image":
            for one in keyring.stored("sha256", file.sha256):
                Exempt.objects.create(
                    digest=one.digest, kind="sha256", key_version=one.version, at=clock.now()
                )
    notice(hashes(base)[0])
    assert state(base) is ItemState.PUBLISHED
    notice(base)
    assert (state(base), state(other)) == (ItemState.HIDDEN, ItemState.PUBLISHED)


def test_req_td_08_a_copy_that_comes_later_joins_the_case_and_its_decision(
    rita: Member, cora: Member, mo: Member
) -> None:
    receipt = notice(offered(cora, 4))
    later = offered(cora, 4)
    assert state(later) is ItemState.HELD
    assert CaseItem.objects.get(item_id=later).how == "later"
    remove_in_case(mo, receipt.number)
    assert state(later) is ItemState.REMOVED
    assert Case.objects.get().blocked == 1


def test_req_td_08_the_versions_of_a_listing_go_with_it(cora: Member, mo: Member) -> None:
    listing = offered(cora, 4)
    version = versioned(cora, listing)
    receipt = notice(listing)
    assert state(version) is ItemState.HIDDEN
    remove_in_case(mo, receipt.number)
    assert state(version) is ItemState.REMOVED
    again = scanned(publish_listing(cora, OFFER, [lora_file(7)], [picture_file(30)]))
    assert state(again) is ItemState.REFUSED, "the version's file does not come back either"


def test_req_td_10_twenty_tricks_do_not_bring_it_back(cora: Member, mo: Member) -> None:
    """Renamed, with other notes, without any: found by hash or by tensors."""
    remove_in_case(mo, notice(offered(cora, 4)).number)
    tries = [
        SimpleUploadedFile(name, lora(4, notes))
        for name in (f"{n}.safetensors" for n in ("hills", "v2 final", "FOX", "a"))
        for notes in (
            {"made_with": "care"}, {}, {"ss_output_name": "hills"}, {"x": "y" * 999},
            {"modelspec.title": "Another one", "made_with": "care"},
        )
    ]  # fmt: skip
    assert len(tries) == 20
    for number, work in enumerate(tries):
        offer = replace(OFFER, title=f"Quiet hills {number}")
        item = scanned(publish_listing(cora, offer, [work], [picture_file(40 + number)]))
        assert state(item) is ItemState.REFUSED, work.name


def test_req_td_07_operators_alone_exempt_a_hash_and_never_one_of_what_was_removed(
    cora: Member, mo: Member
) -> None:
    otto = join("otto", role=Role.OPERATOR)
    base, shown = offered(cora, 3), offered(cora, 4)
    for nobody in (cora, mo):
        with pytest.raises(Refused):
            exempt_hash(nobody, hashes(base)[0])
    for wrong in ("", "fox", f"{hashes(base)[0]} {hashes(shown)[0]}"):
        with pytest.raises(Refused):
            exempt_hash(otto, wrong)
    for one in hashes(base):
        exempt_hash(otto, one)
    notice(hashes(base)[0], hashes(base)[1])
    assert state(base) is ItemState.PUBLISHED
    remove_in_case(mo, notice(shown).number)
    rows = JournalRow.objects.filter(verb="hash.exempted")
    assert rows.count() == 2
    assert hashes(base)[0] not in str(list(rows.values()))
    gone = hashes(offered(cora, 4))
    for one in gone:
        with pytest.raises(Refused) as refused:
            exempt_hash(otto, one)
        assert refused.value.refusal.code == "removed_hash"


def test_req_td_10_standing_protection_survives_two_rotations(cora: Member, mo: Member) -> None:
    remove_in_case(mo, notice(offered(cora, 5)).number)
    assert set(Staydown.objects.values_list("key_version", flat=True)) == {"k1", "k2"}
    for _ in range(2):
        rotate_keys()
    assert not Staydown.objects.filter(key_version__in=["k1", "k2"]).exists()
    assert state(offered(cora, 5)) is ItemState.REFUSED
    assert state(offered(cora, 6)) is not ItemState.REFUSED


def test_req_td_23_a_hash_can_be_registered_before_anything_is_there(cora: Member) -> None:
    first = offered(cora, 7)
    sums = hashes(first)
    StoredFile.objects.filter(item_id=first).update(sha256="", tensor_hash="")
    Item.objects.filter(id=first).update(state=ItemState.WITHDRAWN)
    notice(sums[1])
    assert state(offered(cora, 7)) is ItemState.HELD


def test_req_td_12_two_people_must_agree_before_a_request_is_turned_down(
    rita: Member, cora: Member, mo: Member, mia: Member
) -> None:
    bounty = posted(rita)
    entry = handed_in(cora, bounty)
    receipt = notice(bounty)
    with pytest.raises(Refused, match="Nobody proposes"):
        agree_to_refusal(mo, receipt.number)
    propose_refusal(mo, receipt.number, Ground.NO_LIKENESS)
    assert state(bounty) is ItemState.HIDDEN
    with pytest.raises(Refused, match="Somebody else has to agree"):
        agree_to_refusal(mo, receipt.number)
    with pytest.raises(Refused):
        agree_to_refusal(rita, receipt.number)
    assert agree_to_refusal(mia, receipt.number) == 2
    assert (state(bounty), state(entry)) == (ItemState.OPEN, ItemState.PUBLISHED)
    assert not Staydown.objects.exists()
    seen = status(receipt.number, pin_digest(receipt.pin))
    assert (seen.outcome, seen.ground) == ("turned_down", Ground.NO_LIKENESS)


def test_req_td_12_what_another_case_holds_stays_hidden(
    rita: Member, mo: Member, mia: Member
) -> None:
    bounty = posted(rita)
    first, second = notice(bounty), notice(bounty)
    propose_refusal(mo, first.number, Ground.NOT_THE_PERSON)
    assert agree_to_refusal(mia, first.number) == 0
    assert state(bounty) is ItemState.HIDDEN
    assert cases.open_among([Case.objects.get(number=second.number).id])


def test_req_td_24_with_the_database_away_a_notice_is_kept_and_comes_in_first(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounty = posted(rita)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(filing, "open_case", away)
        patch.setattr(filing, "connection", type("C", (), {"in_atomic_block": False}))
        receipt = filing.file_notice(NoticeForm((bounty,), "me", good_faith=True, signature="x"))
    assert receipt.kept
    assert intake.waits()
    assert find_case(receipt.number, receipt.pin).kept
    with pytest.raises(Refused):
        find_case(receipt.number, "AAAA-AAAA-AAAA-AAAA")
    assert absorb_notices() == 1
    assert absorb_notices() == 0
    assert not intake.waits()
    assert state(bounty) is ItemState.HIDDEN
    seen = find_case(receipt.number, receipt.pin)
    assert (seen.kept, seen.received_at) == (False, receipt.received_at)


def test_req_td_24_what_is_kept_is_sealed(tmp_path: Path) -> None:
    form = NoticeForm(("canary-where",), "me", good_faith=True, signature="canary-name")
    intake.keep(intake.Kept(form, "k" * 24, "AAAA-BBBB-CCCC", "0" * 64, clock.now(), brake=False))
    (path,) = (tmp_path / "intake").iterdir()
    assert b"canary" not in path.read_bytes()
    assert "AAAA" not in path.name
    assert intake.find("AAAA-BBBB-CCCC") is not None


def test_req_td_05_the_pin_has_eighty_bits_and_is_not_stored(rita: Member) -> None:
    receipt = notice(posted(rita))
    letters = receipt.pin.replace("-", "")
    assert len(set(letters) - set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) == 0
    assert 5 * len(letters) >= 60
    assert receipt.pin not in str(Case.objects.values().get())
