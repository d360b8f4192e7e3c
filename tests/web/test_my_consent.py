"""The person's own pages, the requester's, the moderators', and the public word on a record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from assent.consent.invitations import by_link
from assent.consent.models import Grant
from assent.core.consent.terms import Verb
from assent.core.terms import ItemState
from assent.flows import show_channel as showing
from assent.flows.award_entry import award_entry
from assent.flows.decide_held import decide_held
from assent.flows.pay_due import pay_due
from assent.gateways import clock
from assent.gateways.channels import Seen
from assent.gateways.secrets import link_digest
from tests.cast import Visitor
from tests.flows.consents import VERA, agreed, behind, given, invited, know_vera, shown_on_page
from tests.flows.market import handed_in, in_days, posted, state
from tests.flows.test_consent import bounty_under


def terms_form(**changes: Any) -> dict[str, Any]:
    """The terms as somebody fills them in."""
    today = clock.now().date()
    filled = {
        "action": "sign",
        "signer": "person",
        "names": f"{VERA}, Vera Lindqvist",
        "purpose": "Covers of my own audiobooks only.",
        "material": "A LoRA from 30 portraits.",
        **{verb.value: "yes" for verb in Verb},
        "work_types": ["LoraCreation"],
        "territory": "worldwide",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=365)).isoformat(),
        "pay": "nothing",
        "advice": "nobody",
        "adult": "on",
        "never_sexual": "on",
        "cannot_untrain": "on",
        "signature": "Vera",
    }
    return {k: v for k, v in (filled | changes).items() if v is not None}


def follow(visitor: Visitor, secret: str) -> None:
    """Open the private link, as the letter says."""
    page = visitor.get(f"/my-consent/open/{secret}")
    assert (page.status, page.goes_to) == (302, "/my-consent")
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_person_without_an_account_says_yes(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_vera(monkeypatch)
    sent = rita.post(
        "/consents/ask",
        {"is_self": "no", "name": VERA, "channel": "vera@example.org",
         "work_type": "LoraCreation", "days": "365"},
    )  # fmt: skip
    assert sent.goes_to == "/consents"
    from tests.flows.consents import letters

    (secret,) = letters()
    follow(stranger, secret)
    first = stranger.get("/my-consent")
    assert "Somebody asks for your consent" in first.text
    assert "rita" not in first.html
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert first.headers["Cache-Control"] == "no-store"
    stranger.post("/my-consent", {"action": "open"})
    assert "You may change every line" in stranger.get("/my-consent").text
    stranger.post("/my-consent", terms_form())
    page = stranger.get("/my-consent")
    nonce = behind(secret).nonce
    assert nonce in page.text
    monkeypatch.setattr(showing, "look", lambda url: Seen(url, f"profile {nonce}"))
    stranger.post("/my-consent", {"action": "channel", "url": "https://social.example/vera"})
    assert "We saw your page" in stranger.get("/my-consent").text
    assert "asked" in rita.get("/consents").text
    seen = (clock.now() - timedelta(days=400)).date().isoformat()
    for moderator in (mo, mia):
        assert VERA in moderator.get("/vouching").text
        path = f"/vouching/{behind(secret).id}"
        assert "https://social.example/vera" in moderator.get(path).text
        assert moderator.post(path, {"answer": "yes", "seen_since": seen}).status == 302
    mine = stranger.get("/my-consent")
    assert "What you allowed" in mine.text
    grant = Grant.objects.get()
    assert grant.reference in rita.get("/consents").text
    receipt = stranger.post("/my-consent", {"action": "receipt", "grant": grant.id})
    assert receipt.raw.count(b"~") >= 2
    stranger.post("/my-consent", {"action": "withdraw", "grant": grant.id})
    assert "you took it back" in stranger.get("/my-consent").text
    assert "not valid" in rita.get("/consents").text


def test_the_person_sees_what_work_made_under_the_record_earned(
    stranger: Visitor, rita: Visitor, cora: Visitor, mo: Visitor, mia: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    know_vera(monkeypatch)
    secret, grant = given(rita.member, (mo.member, mia.member), monkeypatch)
    follow(stranger, secret)
    assert "What the work earned 0 credits" in stranger.get("/my-consent").text
    bounty = bounty_under(rita.member, grant.reference, mo.member)
    entry = handed_in(cora.member, bounty)
    decide_held(mo.member, entry, approve=True, reason="")
    award_entry(rita.member, entry)
    assert "100 credits more wait" in stranger.get("/my-consent").text
    with in_days(30):
        pay_due()
    page = stranger.get("/my-consent")
    assert "100 credits, that is 1.00 euros" in page.text
    assert "more wait" not in page.text


@pytest.mark.parametrize("field", ["purpose", "train", "ends_on", "adult", "signature", "pay"])
def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(
    stranger: Visitor, rita: Visitor, field: str
) -> None:
    secret = invited(rita.member)
    follow(stranger, secret)
    stranger.post("/my-consent", {"action": "open"})
    page = stranger.post("/my-consent", terms_form(**{field: None}, territory="only Norway"))
    assert page.status == 422
    assert f'href="#id_{field}"' in page.html
    assert "only Norway" in page.html
    assert behind(secret).signed_at is None


def test_nothing_happens_when_a_mail_program_opens_the_link(
    stranger: Visitor, rita: Visitor
) -> None:
    secret = invited(rita.member)
    before = behind(secret)
    follow(stranger, secret)
    stranger.get("/my-consent")
    assert behind(secret) == before


@pytest.mark.parametrize("answer", ["refuse", "never"])
def test_a_no_looks_to_the_requester_like_silence(
    stranger: Visitor, rita: Visitor, answer: str
) -> None:
    secret = invited(rita.member)
    silent = rita.get("/consents").main
    follow(stranger, secret)
    stranger.post("/my-consent", {"action": answer})
    assert "This request is over" in stranger.get("/my-consent").text
    after = rita.get("/consents").main
    assert after.replace("Somebody", VERA) == silent or after == silent


def test_an_unknown_secret_and_none_look_the_same(stranger: Visitor) -> None:
    nobody = stranger.get("/my-consent").main
    follow(stranger, "0" * 32)
    token = r'name="csrfmiddlewaretoken" value="[^"]*"'
    import re

    def plain(html: str) -> str:
        return re.sub(token, "", html)

    assert plain(stranger.get("/my-consent").main) == plain(nobody)
    assert stranger.post("/my-consent", {"action": "withdraw", "grant": "x"}).status == 200


def test_one_link_opens_nobody_elses_grants(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor, mia: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    know_vera(monkeypatch)
    _, grant = given(rita.member, (mo.member, mia.member), monkeypatch)
    other = invited(sam.member, address="mina@example.org", name="Mina Ok")
    agreed(other)
    follow(stranger, other)
    for action in ("withdraw", "receipt", "shorten"):
        sent = {"action": action, "grant": grant.id, "last_day": clock.now().date().isoformat()}
        assert stranger.post("/my-consent", sent).status == 404
    assert Grant.objects.get(id=grant.id).status == "ConsentGiven"


def test_a_requester_who_is_signed_in_cannot_sign(rita: Visitor) -> None:
    secret = invited(rita.member)
    follow(rita, secret)
    rita.post("/my-consent", {"action": "open"})
    assert rita.post("/my-consent", terms_form()).status == 403
    assert behind(secret).signed_at is None


def test_vouching_is_for_moderators(
    stranger: Visitor, sam: Visitor, rita: Visitor, mo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(rita.member)
    agreed(secret)
    shown_on_page(secret, monkeypatch, "https://social.example/vera.1indqvist-oyelaran")
    path = f"/vouching/{behind(secret).id}"
    for who, status in ((stranger, 302), (sam, 403), (rita, 403)):
        for address in ("/vouching", path):
            assert who.get(address).status == status
    assert "may be a look-alike" in mo.get(path).text
    assert mo.get("/vouching/000000000000").status == 404
    assert mo.post(path, {"answer": "yes"}).status == 422


def test_req_con_12_the_public_word_is_one_of_two(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_vera(monkeypatch)
    _, grant = given(rita.member, (mo.member, mia.member), monkeypatch)
    path = f"/consent/{grant.reference}"
    page = stranger.get(path.lower())
    assert "valid" in page.text
    assert "not valid" not in page.text
    for word in (VERA, "Vera", "rita", "train", "Covers", "30 portraits"):
        assert word not in page.html
    as_json = stranger.client.get(path, headers={"Accept": "application/json"})
    assert json.loads(as_json.content) == {"status": "valid"}
    from assent.flows.withdraw_consent import withdraw_consent

    withdraw_consent(grant)
    gone, unknown = stranger.get(path), stranger.get("/consent/C-UNKNOWN")
    assert gone.main.replace(grant.reference, "C-UNKNOWN") == unknown.main


def test_the_keys_are_public_and_hold_no_secret(stranger: Visitor) -> None:
    found = json.loads(stranger.client.get("/.well-known/assent-consent-keys.json").content)
    assert found["keys"]
    assert all("d" not in key for key in found["keys"])


def test_a_protected_name_cannot_be_probed_by_asking(rita: Visitor, sam: Visitor) -> None:
    """Whoever the name belongs to, asking gives the same page."""
    pages = []
    for who, name in ((rita, VERA), (sam, "Nobody Atall")):
        sent = {"is_self": "no", "name": name, "channel": "x@example.org",
                "work_type": "LoraCreation", "days": "365"}  # fmt: skip
        answer = who.post("/consents/ask", sent)
        pages.append((answer.status, answer.goes_to))
    assert pages[0] == pages[1] == (302, "/consents")


def test_a_listing_may_rest_on_a_record_and_an_unknown_one_is_refused(cora: Visitor) -> None:
    from tests.flows.market import lora_file

    sent = {"title": "Vera", "type": "LoraCreation", "version": "1", "consent": "C-NONE",
            "files": [lora_file()]}  # fmt: skip
    page = cora.post("/listings/new", sent)
    assert page.status == 422
    assert "no consent record of this reference" in page.text


def test_a_refused_bounty_says_how_consent_works(rita: Visitor, monkeypatch: Any) -> None:
    know_vera(monkeypatch)
    bounty = posted(rita.member, f"LoRA of {VERA}")
    assert state(bounty) is ItemState.REFUSED
    assert by_link(link_digest("nothing")) is None
