"""A copy of one's data, and the end of an account: the person goes, the books stay right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import serializers
from django.db.models import CASCADE, PROTECT

from assent.catalogue.models import Item, StoredFile
from assent.core.ledger import Balance
from assent.core.terms import ItemState
from assent.flows.award_entry import award_entry
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.make_token import make_token
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.gateways import storage
from assent.people.models import User
from assent.people.queries import by_token
from tests.cast import Visitor
from tests.flows.market import (
    SINGER,
    drafted,
    handed_in,
    in_days,
    notice,
    offered,
    opened,
    posted,
    state,
    wallet,
)

PASSWORD = "a long password"
EXPORT, DELETE = "/account/data/export/", "/account/data/delete/"


def sure(who: Visitor) -> Visitor:
    """The same, after typing the password once more."""
    assert who.post("/account/reauthenticate/", {"password": PASSWORD}).status == 302
    return who


def deletes(who: Visitor, **more: str) -> Any:
    """Delete the account on its page."""
    return sure(who).post(DELETE, {"name": who.member.name, **more})


def exported(who: Visitor) -> dict[str, Any]:
    response = sure(who).client.post(EXPORT)
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    return dict(json.loads(response.content))


# A copy -----------------------------------------------------------------------------------------


def test_a_copy_has_everything(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    drafted(rita.member, "A secret plan")
    entry = handed_in(cora.member, bounty, note="Strength 0.7")
    make_token("rita", "my script")
    award_entry(rita.member, entry)
    hers = exported(rita)
    assert hers["log_in"]["email"] == "rita@example.org"
    assert {i["title"] for i in hers["items"]} == {"A watercolour fox", "A secret plan"}
    assert [p["bounty_id"] for p in hers["pledges"]] == [bounty]
    assert {m["amount"] for m in hers["movements"]} == {1000, -100}
    assert hers["also_kept"]["people.apitoken"][0]["name"] == "my script"
    assert hers["also_kept"]["account.emailaddress"][0]["email"] == "rita@example.org"
    assert exported(cora)["payouts"][0]["amount"] == 100
    files = exported(cora)["items"][0]["files"]
    assert {f["name"] for f in files} == {"fox.safetensors", "sample.png"}


def test_a_copy_opens_nothing(mo: Visitor) -> None:
    token = make_token("mo")
    text = json.dumps(exported(mo))
    user = User.objects.get(username="mo")
    digest = user.tokens.get().digest
    for secret in (token, digest, user.password, str(mo.client.session.session_key)):
        assert secret not in text


def test_of_what_was_taken_down_a_copy_has_no_words(rita: Visitor) -> None:
    notice(posted(rita.member, "A very particular fox"))
    assert "particular" not in json.dumps(exported(rita))


def test_a_copy_needs_the_password_and_is_ones_own(rita: Visitor, stranger: Visitor) -> None:
    assert rita.post(EXPORT).goes_to.startswith("/account/reauthenticate/")
    assert stranger.post(EXPORT).goes_to.startswith("/account/login/")
    assert sure(rita).get(EXPORT).status == 405


def test_no_table_that_names_a_log_in_is_forgotten() -> None:
    """Rows that go with a log-in are told and deleted by themselves. Those that stay are told by
    name: a new one must be written into `web/views/leaving.py`, and then here."""
    stay = {
        r.related_model._meta.label for r in User._meta.related_objects if r.on_delete is PROTECT
    }
    told = {
        "catalogue.Item",
        "catalogue.Pledge",
        "ledger.Payout",
        "consent.Invitation",
        "ledger.Sale",
    }
    told |= {"ledger.Purchase", "ledger.GiftCode", "ledger.Cashout", "ledger.PayoutAccount"}
    told |= {"casework.Suspension"}
    acts_of_staff = {
        "casework.Decision",
        "casework.BulkDecision",
        "casework.MisuseFinding",
        "casework.SecondOpinion",
        "casework.QualityReview",
        "consent.Grant",
        "consent.Voucher",
        "sweeps.Sweep",
        "casework.Proposal",
        "casework.Complaint",
        "casework.Appeal",
        "casework.Report",
        "casework.CaseNote",
    }
    # Who follows somebody is the follower's own, and never told to the one who is followed.
    of_others = {"sweeps.PolicyVersion", "watching.Follow"}
    assert stay - told <= acts_of_staff | of_others
    assert all(r.on_delete in (PROTECT, CASCADE) for r in User._meta.related_objects)


# The end ----------------------------------------------------------------------------------------


def test_who_leaves_is_nowhere_any_more(cora: Visitor, mo: Visitor) -> None:
    token = make_token("cora")
    listing = offered(cora.member)
    Authenticator.objects.create(user_id=cora.member.id, type="totp", data={})
    files = [f.id for f in StoredFile.objects.filter(item_id=listing)]
    assert deletes(cora).goes_to == "/"
    assert cora.get("/wallet").status == 302
    assert by_token(token) is None
    assert not EmailAddress.objects.filter(user_id=cora.member.id).exists()
    assert not Authenticator.objects.filter(user_id=cora.member.id).exists()
    assert mo.get("/users/cora").status == 404
    assert mo.get("/listings").main.count(listing) == 0
    assert state(listing) is ItemState.WITHDRAWN
    for file_id in files:
        assert not storage.path_of(file_id).exists()
    user = User.objects.get(pk=cora.member.id)
    everything = serializers.serialize("json", [user, *Item.objects.filter(owner=user)])
    for word in ("cora", "example.org", "Misty"):
        assert word not in everything
    failed = Visitor().post("/account/login/", {"login": user.username, "password": PASSWORD})
    assert failed.status == 200


def test_the_history_of_others_stays_and_the_books_add_up(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    entry = handed_in(cora.member, bounty)
    award_entry(rita.member, entry)
    with in_days(4):
        pay_due()
    work = StoredFile.objects.get(item_id=entry, role="work")
    assert deletes(cora, gives_up="on").goes_to == "/"
    assert wallet(cora.member) == Balance(posted=100), "nobody can spend them, and none is lost"
    page = rita.get(f"/entries/{entry}")
    assert page.status == 200
    assert "cora" not in page.main
    assert opened(rita.member, work.id), "who awarded it keeps it"


@pytest.mark.parametrize("what", ["bounty", "pledge", "payout", "credits"])
def test_what_must_end_first_is_said(what: str, rita: Visitor, sam: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    pledge_credits(sam.member, bounty, 50)
    who = {"bounty": rita, "pledge": sam, "payout": cora, "credits": sam}[what]
    if what == "payout":
        award_entry(rita.member, handed_in(cora.member, bounty))
    if what == "credits":
        cancel_bounty(rita.member, bounty)
    page = deletes(who)
    assert page.status == 409
    words = {"bounty": "still run: 1", "pledge": "still wait: 1", "payout": "still wait: 2",
             "credits": "1,000 credits"}  # fmt: skip
    assert words[what] in page.text
    assert who.get("/wallet").status == 200, "nothing was done"


def test_drafts_and_refused_requests_lose_their_words(rita: Visitor) -> None:
    for item in (drafted(rita.member, "A secret plan"), posted(rita.member, SINGER)):
        assert Item.objects.get(id=item).title
    assert deletes(rita, gives_up="on").status == 302
    assert set(Item.objects.values_list("title", "description")) == {("", "")}


def test_it_takes_the_own_name_and_the_password(rita: Visitor, cora: Visitor) -> None:
    assert cora.post(DELETE, {"name": "cora"}).goes_to.startswith("/account/reauthenticate/")
    for name in ("rita", "Cora", ""):
        assert sure(cora).post(DELETE, {"name": name}).status == 422
    assert User.objects.get(pk=cora.member.id).is_active


def test_nobody_takes_a_pseudonym(stranger: Visitor) -> None:
    fields = {
        "email": "l@example.org",
        "username": "left-abc",
        "password1": "correct horse battery",
    }
    page = stranger.post("/account/signup/", fields)
    assert "kept free" in page.text


def test_who_left_can_come_back_as_somebody_new(cora: Visitor, stranger: Visitor) -> None:
    deletes(cora)
    fields = {"email": "cora@example.org", "username": "cora", "password1": "correct horse battery"}
    assert stranger.post("/account/signup/", fields).status == 302
    assert stranger.get("/mine").text.count("You have not put anything here yet") == 1
