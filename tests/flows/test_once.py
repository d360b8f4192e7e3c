"""Messages that go out once, answers that are given once, and consent that is recorded once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from assent.catalogue.models import Item
from assent.consent.models import Grant
from assent.consent.queries import grant_terms, is_valid
from assent.core.consent.cover import normalised_name
from assent.core.ledger import Balance
from assent.core.terms import ItemState, Refused, WorkType
from assent.flows import send_messages as sending
from assent.flows.answer_once import answer_once
from assent.flows.decide_held import decide_held
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.make_token import make_token
from assent.flows.record_consent import record_consent
from assent.flows.send_messages import send_messages
from assent.gateways import clock, verifier
from assent.gateways.mail import send_letter
from assent.gateways.secrets import keyed_digest
from assent.journal.models import JournalRow, Message
from assent.people.models import ApiToken, IdempotentReply
from assent.people.queries import Member, by_token
from tests.flows.consents import know_vera, today_terms
from tests.flows.market import (
    UNSURE,
    drafted,
    handed_in,
    lora_file,
    posted,
    ruled,
    scanned,
    state,
    wallet,
)

# Messages ---------------------------------------------------------------------------------------


def test_a_letter_is_sent_once(rita: Member, mo: Member) -> None:
    decide_held(mo, posted(rita, UNSURE), approve=True, reason="")
    assert (send_messages(), send_messages()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["rita@example.org"]
    assert "public now" in letter.body


def test_a_letter_that_fails_is_not_sent_twice_and_stops_no_other(
    rita: Member, cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in (rita, cora):
        Message.objects.create(
            id=who.key[:12], at=clock.now(), user_id=who.id, template="published", data={}
        )

    def sulking(address: str, *rest: Any) -> None:
        if address.startswith("rita"):
            raise ConnectionRefusedError
        send_letter(address, *rest)

    monkeypatch.setattr(sending, "send_letter", sulking)
    assert send_messages() == 1
    assert [letter.to for letter in mail.outbox] == [["cora@example.org"]]
    assert send_messages() == 0


def test_a_letter_says_nothing_that_a_user_wrote(rita: Member, cora: Member) -> None:
    bounty = posted(rita, "A watercolour fox called Rumpelstiltskin")
    handed_in(cora, bounty)
    send_messages()
    assert mail.outbox
    assert not [letter for letter in mail.outbox if "Rumpel" in f"{letter.subject} {letter.body}"]


# Answers ----------------------------------------------------------------------------------------


def act_of(who: Member) -> Any:
    """Something that leaves a trace: a draft."""
    return lambda: (201, {"id": drafted(who)})


def test_a_repeated_request_gets_the_first_answer_and_does_nothing(rita: Member) -> None:
    first = answer_once(rita.id, "key", "digest", act_of(rita))
    again = answer_once(rita.id, "key", "digest", act_of(rita))
    assert first == again
    assert Item.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(rita: Member) -> None:
    answer_once(rita.id, "key", "digest", act_of(rita))
    with pytest.raises(Refused, match="used for a different request"):
        answer_once(rita.id, "key", "another", act_of(rita))
    assert Item.objects.count() == 1


def test_keys_of_different_people_have_nothing_to_do_with_each_other(
    rita: Member, sam: Member
) -> None:
    mine = answer_once(rita.id, "key", "digest", act_of(rita))
    assert answer_once(sam.id, "key", "digest", act_of(sam)) != mine


def test_a_refusal_is_not_kept_so_that_it_may_be_tried_again(rita: Member) -> None:
    def refuse() -> tuple[int, dict[str, Any]]:
        return 201, {"id": posted(rita, credits_=1001)}

    for _ in range(2):
        with pytest.raises(Refused, match="you have 1,000"):
            answer_once(rita.id, "key", "digest", refuse)
    assert not IdempotentReply.objects.exists()
    assert not Item.objects.exists()
    assert answer_once(rita.id, "key", "digest", act_of(rita))[0] == 201


def test_what_breaks_leaves_neither_the_key_nor_the_act(rita: Member) -> None:
    def broken() -> tuple[int, dict[str, Any]]:
        posted(rita)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_once(rita.id, "key", "digest", broken)
    assert not IdempotentReply.objects.exists()
    assert wallet(rita) == Balance(posted=1000)


@pytest.mark.parametrize(("length", "fine"), [(200, True), (201, False)])
def test_a_key_may_not_be_endless(rita: Member, length: int, fine: bool) -> None:
    if fine:
        assert answer_once(rita.id, "k" * length, "digest", act_of(rita))[0] == 201
    else:
        with pytest.raises(Refused, match="at most 200"):
            answer_once(rita.id, "k" * length, "digest", act_of(rita))


# Tokens -----------------------------------------------------------------------------------------


def test_a_token_opens_and_is_not_stored(rita: Member) -> None:
    token = make_token("RITA")
    found = by_token(token)
    assert found is not None
    assert found.member == rita
    assert by_token(token[:-1]) is None
    assert token not in str(list(ApiToken.objects.values()))


def test_nobody_gets_a_token_for_nobody() -> None:
    with pytest.raises(Refused, match="nobody of this name"):
        make_token("nobody")


# Consent ----------------------------------------------------------------------------------------

VERA = "Portrait LoRA of Vera Lindqvist-Oyelaran"


@pytest.fixture
def consent(rita: Member, monkeypatch: pytest.MonkeyPatch) -> str:
    """Vera's consent to Rita, as her verifier vouches for it."""
    monkeypatch.setattr(settings, "DEMO", True)
    know_vera(monkeypatch)
    had_terms = clock.now() - timedelta(days=4)
    return record_consent(verifier.vouch_for_demo_person(), rita, today_terms(), had_terms)


def test_outside_the_demo_nobody_vouches_for_anyone() -> None:
    with pytest.raises(Refused, match="No verifier is set up"):
        verifier.vouch_for_demo_person()


def test_a_covered_likeness_is_held_for_a_person_to_look_at(rita: Member, consent: str) -> None:
    bounty, ruling = ruled(rita, VERA, grant=consent)
    assert (state(bounty), ruling.code) == (ItemState.HELD, "consent_on_record")


def test_a_grant_covers_nobody_but_the_one_it_names(
    rita: Member, sam: Member, consent: str
) -> None:
    asked = [
        ruled(sam, VERA, grant=consent),
        ruled(rita, "LoRA of Taylor Swift", grant=consent),
        ruled(rita, VERA),
        ruled(rita, VERA, grant=consent, work_type=WorkType.IMAGE),
        ruled(rita, f"{VERA}, explicit", grant=consent),
    ]
    assert {state(bounty) for bounty, _ in asked} == {ItemState.REFUSED}


def test_a_draft_that_names_an_unknown_record_is_told_so(rita: Member) -> None:
    with pytest.raises(Refused) as refused:
        ruled(rita, VERA, grant="C-00000000")
    assert refused.value.refusal.code == "no_such_consent_record"


def test_work_under_a_grant_is_looked_at_even_if_it_names_nobody(
    rita: Member, cora: Member, mo: Member, consent: str
) -> None:
    bounty = posted(rita, VERA, grant=consent)
    decide_held(mo, bounty, approve=True, reason="")
    entry = scanned(hand_in_entry(cora, bounty, "Done.", [lora_file()], []))
    assert state(entry) is ItemState.HELD


def test_a_name_is_kept_as_a_keyed_digest_alone(rita: Member, consent: str) -> None:
    row = str(Grant.objects.values().get())
    assert "vera" not in row.lower()
    assert "vera" not in str(list(JournalRow.objects.values())).lower()
    terms = grant_terms(Grant.objects.get().id)
    assert terms is not None
    digest = keyed_digest("name", normalised_name("VERA LINDQVIST OYELARAN"))
    assert digest in terms.name_digests


def test_the_public_face_of_a_grant_is_one_word(consent: str) -> None:
    today = clock.now().date()
    assert is_valid(consent.lower(), today)
    assert not is_valid(consent, today + timedelta(days=400))
    assert not is_valid("C-00000000", today)
