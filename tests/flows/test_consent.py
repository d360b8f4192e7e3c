"""Consent that cannot be faked, bought or worn down, each requirement by its number."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from assent.catalogue.models import Download, Item
from assent.consent.models import Grant, Invitation
from assent.consent.queries import grant_of_invitation, grants_of_person, is_valid
from assent.core.consent.asking import LETTERS_PER_MONTH, InvitationState
from assent.core.consent.channels import VouchAnswer
from assent.core.consent.disclosure import revealed, split
from assent.core.consent.record import TYPE
from assent.core.files.ai_mark import AI_MADE
from assent.core.files.stamp import CONSENT_ID, STATUS_URL
from assent.core.ledger import PayoutState
from assent.core.terms import ConsentStatus, ItemState, Refused, Role, WorkType
from assent.flows.answer_invitation import refuse_invitation
from assent.flows.award_entry import award_entry
from assent.flows.decide_held import decide_held
from assent.flows.end_consents import end_consents
from assent.flows.pay_due import pay_due
from assent.flows.prove_person import vouch
from assent.flows.sign_terms import sign_terms
from assent.flows.withdraw_consent import shorten_consent, withdraw_consent
from assent.gateways import clock, signing
from assent.gateways.secrets import unseal
from assent.journal.models import JournalRow, Message
from assent.ledger.models import Payout
from assent.people.queries import Member
from tests.flows.consents import (
    MAILBOX,
    PAGE,
    VERA,
    agreed,
    asked,
    behind,
    given,
    invited,
    know_vera,
    letters,
    pages,
    shown_on_page,
    today_terms,
    vouched,
)
from tests.flows.market import chest, handed_in, in_days, join, opened, posted, state, wallet


@pytest.fixture
def mia() -> Member:
    """Another moderator."""
    return join("mia", role=Role.MODERATOR)


@pytest.fixture(autouse=True)
def vera_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screening that knows Vera when she is named, so that these tests are about consent."""
    know_vera(monkeypatch)


def bounty_under(requester: Member, reference: str, moderator: Member) -> str:
    """A bounty for Vera under the record, let through by a moderator."""
    bounty = posted(requester, f"LoRA of {VERA}", grant=reference)
    decide_held(moderator, bounty, approve=True, reason="")
    return bounty


# The whole way -----------------------------------------------------------------------------------


def test_the_whole_way_to_a_grant_in_force(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    assert grant.status is ConsentStatus.GIVEN
    assert is_valid(grant.reference, clock.now().date())
    bounty = bounty_under(rita, grant.reference, mo)
    assert state(bounty) is ItemState.OPEN


def test_req_con_01_without_a_record_nothing_is_published(rita: Member) -> None:
    assert state(posted(rita, f"LoRA of {VERA}")) is ItemState.REFUSED


def test_req_con_03_publishing_waits_for_the_cooling_off(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita)
    agreed(secret)
    shown_on_page(secret, monkeypatch)
    vouched(secret, mo, mia)
    grant = grant_of_invitation(behind(secret).id)
    assert grant is not None
    assert grant.publish_from is not None
    assert grant.publish_from > clock.now().date()
    assert not is_valid(grant.reference, clock.now().date())
    assert state(posted(rita, f"LoRA of {VERA}", grant=grant.reference)) is ItemState.REFUSED
    with in_days(7):
        assert is_valid(grant.reference, clock.now().date())
    withdraw_consent(grant)  # stepping back in the window is a withdrawal like any other
    with in_days(7):
        assert not is_valid(grant.reference, clock.now().date())


# Who may sign ------------------------------------------------------------------------------------


def test_req_con_07_owning_the_mailbox_and_the_browser_is_not_enough(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita, address="rita+vera@example.org")  # her own mailbox
    with pytest.raises(Refused, match="cannot sign"):
        sign_terms(behind(secret), today_terms(), rita.id)
    sign_terms(behind(secret), today_terms(), None)  # signed out, in the same browser
    shown_on_page(secret, monkeypatch, "https://social.example/fresh-page")
    assert grant_of_invitation(behind(secret).id) is None
    # Moderators find nothing of the page that is older than the request.
    with pytest.raises(Refused, match="before the request"):
        vouch(mo, behind(secret).id, VouchAnswer.YES, clock.now().date())
    vouch(mo, behind(secret).id, VouchAnswer.NO, None)
    assert Grant.objects.count() == 0
    assert behind(secret).state is InvitationState.LAPSED
    assert state(posted(rita, f"LoRA of {VERA}")) is ItemState.REFUSED


def test_req_con_07_one_moderator_is_not_enough_and_none_may_vouch_twice(
    rita: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita)
    agreed(secret)
    shown_on_page(secret, monkeypatch)
    vouched(secret, mo)
    with pytest.raises(Refused, match="said so already"):
        vouched(secret, mo)
    assert Grant.objects.count() == 0


def test_req_con_07_a_moderator_cannot_vouch_for_their_own_request(
    mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(mo)
    agreed(secret)
    shown_on_page(secret, monkeypatch)
    with pytest.raises(Refused, match="asked for this yourself"):
        vouched(secret, mo)


def test_req_con_07_members_and_strangers_cannot_vouch(
    rita: Member, sam: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita)
    agreed(secret)
    shown_on_page(secret, monkeypatch)
    with pytest.raises(Refused, match="Only moderators"):
        vouched(secret, sam)


def test_req_con_07_two_accounts_that_collude_get_no_further(
    rita: Member, sam: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita, address="sam@example.org")
    sign_terms(behind(secret), today_terms(), sam.id)  # the accomplice signs as if they were her
    shown_on_page(secret, monkeypatch, "https://social.example/vera.1indqvist")
    vouch(mia, behind(secret).id, VouchAnswer.NO, None)
    assert Grant.objects.count() == 0


def test_oneself_takes_the_same_proof(rita: Member, mo: Member, mia: Member) -> None:
    from assent.flows.ask_consent import Ask, ask_consent

    _, _, secret = ask_consent(
        rita, Ask(VERA, MAILBOX, WorkType.LORA, 365, is_self=True)
    ).partition(":")
    assert letters() == []
    sign_terms(behind(secret), today_terms(), rita.id)
    assert Grant.objects.count() == 0
    with pytest.raises(Refused, match="has not shown the word"):
        vouched(secret, mo)


def test_a_page_without_the_word_proves_nothing(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assent.flows.show_channel import show_channel

    secret = invited(rita)
    agreed(secret)
    pages(monkeypatch, **{"vera.lindqvist": "just a profile"})
    with pytest.raises(Refused, match="did not find the word"):
        show_channel(behind(secret), PAGE)
    with pytest.raises(Refused, match="could not look"):
        show_channel(behind(secret), "https://social.example/elsewhere")
    assert behind(secret).nonce_seen_at is None


def test_a_word_for_one_request_is_no_good_for_another(
    rita: Member, sam: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assent.flows.show_channel import show_channel

    first, second = invited(rita), invited(sam)
    agreed(first)
    agreed(second)
    pages(monkeypatch, **{"vera.lindqvist": behind(first).nonce})
    with pytest.raises(Refused, match="did not find the word"):
        show_channel(behind(second), PAGE)


# Harassment --------------------------------------------------------------------------------------


def test_req_con_07b_the_letter_carries_no_word_of_the_requesters(rita: Member) -> None:
    asked(rita, name="CANARY you owe me")
    letters()
    (letter,) = mail.outbox
    assert letter.to == [MAILBOX]
    assert "CANARY" not in letter.subject + str(letter.body)
    assert "rita" not in letter.subject + str(letter.body)


def test_req_con_07b_one_request_each_and_other_spellings_are_the_same(rita: Member) -> None:
    asked(rita)
    with pytest.raises(Refused, match="asked this person already"):
        asked(rita, address="Vera+please@Example.org")


def test_req_con_07b_never_again_holds_for_everybody_and_shows_to_nobody(
    rita: Member, sam: Member
) -> None:
    refuse_invitation(behind(invited(rita)), never=True)
    asked(sam)  # taken like any other request
    assert letters() == []
    shown = {i.state.shown for i in map(behind_row, Invitation.objects.all())}
    assert shown == {"asked"}


def behind_row(row: Invitation) -> Any:
    """The view of a row."""
    from assent.consent.invitations import by_id

    return by_id(row.id)


def test_req_con_07b_a_flood_from_many_accounts_stays_a_trickle() -> None:
    sent = 0
    for n in range(LETTERS_PER_MONTH + 4):
        asked(join(f"fan{n}"))
        sent += len(letters())
    assert sent == LETTERS_PER_MONTH


def test_req_con_07b_no_answer_ends_by_itself_and_forgets_the_name(rita: Member) -> None:
    secret = invited(rita)
    with in_days(31):
        end_consents()
    assert behind(secret).state is InvitationState.LAPSED
    assert behind(secret).sealed == ""
    refused = invited(join("sam2"))
    refuse_invitation(behind(refused), never=False)
    assert behind(refused).sealed == ""


def test_the_address_is_forgotten_when_the_letter_is_out(rita: Member) -> None:
    secret = invited(rita)
    inside = unseal("invitation", behind(secret).sealed)
    assert inside == {"name": VERA}
    assert MAILBOX not in json.dumps(list(Invitation.objects.values()), default=str)


# Withdrawal and expiry ---------------------------------------------------------------------------


def test_req_con_06_withdrawal_stops_everything_at_once(
    rita: Member, sam: Member, cora: Member, mo: Member, mia: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _, grant = given(rita, (mo, mia), monkeypatch)
    bounty = bounty_under(rita, grant.reference, mo)
    entry = handed_in(cora, bounty)
    decide_held(mo, entry, approve=True, reason="")
    award_entry(rita, entry)
    file_id = Item.objects.get(id=entry).files.get(role="work").id
    opened(rita, file_id)
    before = wallet(rita).available
    withdraw_consent(grant)
    assert (state(bounty), state(entry)) == (ItemState.HIDDEN, ItemState.HIDDEN)
    with pytest.raises(Refused):
        opened(rita, file_id)
    assert Payout.objects.get().state == PayoutState.VOIDED
    with in_days(30):
        assert pay_due() == 0
    assert wallet(rita).available == before + 100
    assert chest(bounty).posted == 0
    assert Download.objects.get().user_id == rita.id
    told = set(Message.objects.filter(user_id=rita.id).values_list("template", flat=True))
    assert {"consent_over", "delete_copy", "refunded"} <= told
    # Nobody is told who or what ended it.
    words = json.dumps(list(Message.objects.values_list("template", "data")))
    assert "withdr" not in words
    assert VERA not in words
    withdraw_consent(grant)  # twice is once
    assert wallet(rita).available == before + 100


def test_req_con_06_what_rested_on_it_is_deleted_after_the_hold(
    rita: Member, cora: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    bounty = bounty_under(rita, grant.reference, mo)
    entry = handed_in(cora, bounty)
    withdraw_consent(grant)
    with in_days(13):
        end_consents()
    assert state(entry) is ItemState.HIDDEN
    with in_days(15):
        end_consents()
    assert (state(entry), state(bounty)) == (ItemState.REMOVED, ItemState.REMOVED)


def test_req_con_04_expiry_removes_the_item_the_same_day(
    rita: Member, cora: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    bounty = bounty_under(rita, grant.reference, mo)
    entry = handed_in(cora, bounty)
    decide_held(mo, entry, approve=True, reason="")
    file_id = Item.objects.get(id=entry).files.get(role="image").id
    opened(cora, file_id)
    with in_days(366):
        # Even before the clock has hidden anything, nothing is served.
        with pytest.raises(Refused, match="not in force"):
            opened(cora, file_id)
        end_consents()
    assert state(entry) is ItemState.HIDDEN
    assert grants_of_person(grant.person_key)[0].status is ConsentStatus.EXPIRED


def test_it_can_end_sooner_but_never_later(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    today = clock.now().date()
    for day in (today - timedelta(days=1), grant.ends_on, grant.ends_on + timedelta(days=9)):
        with pytest.raises(Refused):
            shorten_consent(grant, day)
    shorten_consent(grant, today + timedelta(days=2))
    assert is_valid(grant.reference, today)
    assert not is_valid(grant.reference, today + timedelta(days=3))


def test_a_payout_is_not_posted_for_a_record_that_ran_out(
    rita: Member, cora: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    bounty = bounty_under(rita, grant.reference, mo)
    entry = handed_in(cora, bounty)
    decide_held(mo, entry, approve=True, reason="")
    award_entry(rita, entry)
    shorten_consent(grant, clock.now().date())
    with in_days(10):
        assert pay_due() == 0  # before the clock has ended the grant
    assert wallet(cora).posted == 0


# The record --------------------------------------------------------------------------------------


def test_req_con_11_the_receipt_verifies_offline_and_hides_who(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    receipt = unseal("receipt", grant.sealed)["receipt"]
    signed, shown = split(receipt)
    published = signing.published_keys()
    assert all("d" not in key for key in published["keys"])
    claims = revealed(signing.verified(signed, TYPE, published), shown)
    assert claims["principal"] == {"names": [VERA, "Vera Lindqvist"]}
    assert claims["recordId"] == grant.reference
    assert claims["events"][0]["state"] == ConsentStatus.GIVEN
    prohibited = {p["action"] for p in claims["policy"]["prohibition"]}
    assert {"assent:sexual", "assent:political", "assent:impersonation", "assent:resell"} <= (
        prohibited
    )
    without = revealed(signing.verified(signed, TYPE, published), [])
    assert "principal" not in without
    assert VERA not in json.dumps(without)


def test_req_con_11_no_name_is_in_the_database_in_the_clear(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(rita, (mo, mia), monkeypatch)
    for model in (Grant, Invitation, JournalRow, Message):
        assert "Lindqvist" not in json.dumps(list(model.objects.values()), default=str), model


def test_keys_rotate_and_old_receipts_still_verify(
    rita: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grant = given(rita, (mo, mia), monkeypatch)
    old, _ = split(unseal("receipt", grant.sealed)["receipt"])
    before = signing.published_keys()
    signing.add_key()
    after = signing.published_keys()
    assert len(after["keys"]) == len(before["keys"]) + 1
    assert signing.verified(old, TYPE, after)["recordId"] == grant.reference
    new = signing.sign({"recordId": "C-2"}, TYPE)
    with pytest.raises(signing.UnverifiedError):
        signing.verified(new, TYPE, before)


def forged(kind: str, receipt: str) -> str:
    """A signed part as somebody without our key would make it."""
    import base64

    head, body, mark = receipt.split(".")
    if kind == "altered":
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims["exp"] += 10**9
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    elif kind == "unsigned":
        head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"assent-consent+sd-jwt"}').decode()
        return f"{head.rstrip('=')}.{body}."
    elif kind == "other algorithm":
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"assent-consent+sd-jwt"}').decode()
        head = head.rstrip("=")
    elif kind == "cut":
        mark = mark[:-4]
    return f"{head}.{body}.{mark}"


@pytest.mark.parametrize("kind", ["altered", "unsigned", "other algorithm", "cut"])
def test_a_forged_record_does_not_verify(kind: str) -> None:
    signed = signing.sign({"recordId": "C-1", "exp": 1}, TYPE)
    with pytest.raises(signing.UnverifiedError):
        signing.verified(forged(kind, signed), TYPE, signing.published_keys())
    with pytest.raises(signing.UnverifiedError, match="something else"):
        signing.verified(signing.sign({}, "another+jwt"), TYPE, signing.published_keys())


def test_what_is_served_says_on_which_record_it_rests(
    rita: Member, cora: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assent.catalogue.queries import files_of
    from assent.gateways import storage

    _, grant = given(rita, (mo, mia), monkeypatch)
    bounty = bounty_under(rita, grant.reference, mo)
    entry = handed_in(cora, bounty)
    decide_held(mo, entry, approve=True, reason="")
    (work,) = [f for f in files_of([entry]) if f.role == "work"]
    served = opened(cora, work.id)
    length = int.from_bytes(served[:8], "little")
    metadata = json.loads(served[8 : 8 + length])["__metadata__"]
    assert metadata[CONSENT_ID] == grant.reference
    assert metadata[STATUS_URL].endswith(f"/consent/{grant.reference}")
    with storage.read(work.id) as stored:
        kept = stored.read()
    skip = 8 + int.from_bytes(kept[:8], "little")
    assert served[8 + length :] == kept[skip:]


def test_req_tra_06_a_statement_about_the_work_can_be_verified_offline(
    rita: Member, cora: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assent.catalogue.queries import files_of
    from assent.core.consent import statement
    from assent.flows.open_file import open_file, signed_statement
    from assent.gateways import signing

    _, grant = given(rita, (mo, mia), monkeypatch)
    entry = handed_in(cora, bounty_under(rita, grant.reference, mo))
    decide_held(mo, entry, approve=True, reason="")
    files = files_of([entry])
    (work,) = [f for f in files if f.role == "work"]
    _, signed = signed_statement(cora.person, work.id)
    claims = signing.verified(signed, statement.TYPE, signing.published_keys())
    assert claims["consent"]["recordId"] == grant.reference
    assert claims["digitalSourceType"] == AI_MADE
    assert VERA not in json.dumps(claims)
    assert statement.agreement(claims, work.sha256, "") is statement.Agreement.SAME_BYTES
    tensors = statement.agreement(claims, "0" * 64, work.tensor_hash)
    assert tensors is statement.Agreement.SAME_TENSORS
    assert statement.agreement(claims, "0" * 64, "") is statement.Agreement.ANOTHER_FILE
    for picture in (f for f in files if f.role == "image"):
        for thumbnail in (False, True):
            _, stream = open_file(rita.person, picture.id, thumbnail=thumbnail)
            shown = stream.read()
            assert AI_MADE.encode() in shown
            assert grant.reference.encode() in shown
        with pytest.raises(Refused):
            signed_statement(rita.person, picture.id)
    withdraw_consent(grant)
    with pytest.raises(Refused):
        signed_statement(cora.person, work.id)


# Verifiers ---------------------------------------------------------------------------------------


def test_a_verifiers_word_proves_and_anything_else_does_not(
    rita: Member, tmp_path: Any, settings: Any
) -> None:
    from assent.flows.prove_person import take_word
    from assent.gateways.verifier import WORD_TYPE

    secret = invited(rita)
    agreed(secret)
    with pytest.raises(Refused, match="No verifier"):
        take_word(behind(secret), "x")
    path = tmp_path / "verifiers.json"
    path.write_text(json.dumps(signing.published_keys()))
    now = int(clock.now().timestamp())
    good = {"iss": "Notary Nyström", "nonce": behind(secret).nonce, "names": [VERA], "iat": now}
    with override_settings(VERIFIER_KEYS=str(path)):
        for wrong in (
            good | {"nonce": "assent-000000000000"},
            good | {"iat": now - 8 * 24 * 3600},
            good | {"iat": now + 3600},
            {k: v for k, v in good.items() if k != "iss"},
        ):
            with pytest.raises(Refused, match="does not count"):
                take_word(behind(secret), signing.sign(wrong, WORD_TYPE))
        with pytest.raises(Refused, match="does not count"):
            take_word(behind(secret), signing.sign(good, TYPE))
        assert Grant.objects.count() == 0
        skewed = good | {"iat": now + 240}
        take_word(behind(secret), signing.sign(skewed, WORD_TYPE))
    assert Grant.objects.get().proof == "verifier Notary Nyström"


def test_one_page_is_one_person(
    rita: Member, sam: Member, mo: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = given(rita, (mo, mia), monkeypatch)
    secret = invited(sam)
    agreed(secret)
    shown_on_page(secret, monkeypatch)
    vouched(secret, mo, mia)
    second = grant_of_invitation(behind(secret).id)
    assert second is not None
    assert second.person_key == first.person_key
    assert len(grants_of_person(first.person_key)) == 2
