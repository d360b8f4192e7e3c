"""A role with power rests until a second factor is proved; the demo asks for none."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings

from assent.core.access import role_in_force
from assent.core.terms import ItemState, Role
from assent.people.queries import Member
from assent.web import second_factor
from tests.cast import Visitor, signed_in
from tests.flows.market import UNSURE, join, notice, posted, state

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a commit happens at once: a test never commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, *a, **k: act())


def by_password(name: str, role: Role) -> Visitor:
    """Somebody who has only typed their password."""
    who = join(name, role=role)
    visitor = Visitor(login=who)
    assert visitor.post("/account/login/", {"login": name, "password": PASSWORD}).status == 302
    return visitor


def code_of(who: Member) -> str:
    """What their authenticator app shows now."""
    found = Authenticator.objects.get(user_id=who.id, type="totp")
    secret = second_factor.SecondFactorAdapter().decrypt(found.data["secret"])
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def sets_up_app(visitor: Visitor) -> None:
    """Go through the page for an authenticator app."""
    visitor.post("/account/reauthenticate/", {"password": PASSWORD})
    page = visitor.get("/account/2fa/totp/activate/")
    assert page.status == 200, page.goes_to
    secret = visitor.client.session["mfa.totp.secret"]
    assert secret in page.main
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert visitor.post("/account/2fa/totp/activate/", {"code": code}).status == 302


@pytest.mark.parametrize("role", Role)
def test_a_role_with_power_rests_until_it_is_proved(role: Role) -> None:
    assert role_in_force(role, proved=False) is Role.MEMBER
    assert role_in_force(role, proved=True) is role


def test_staff_by_password_alone_are_led_to_set_up_a_second_factor(rita: Visitor) -> None:
    held = posted(rita.member, UNSURE)
    number = notice(posted(rita.member)).number
    mo = by_password("mo", Role.MODERATOR)
    for path in ("/queue", f"/queue/{held}", f"/cases/{number}"):
        assert mo.get(path).goes_to == "/account/2fa/"
    assert "Your role rests" in mo.get("/").text
    assert 'href="/queue"' not in mo.get("/").html
    sent = {"action": "approve", "reason": ""}
    assert mo.post(f"/queue/{held}", sent).goes_to == "/account/2fa/"
    assert state(held) is ItemState.HELD
    assert mo.get(f"/bounties/{held}").status == 404, "a held item is for staff and its owner"


def test_with_an_authenticator_app_the_role_counts() -> None:
    mo = by_password("mo", Role.MODERATOR)
    sets_up_app(mo)
    assert mo.get("/queue").status == 200
    assert "Your role rests" not in mo.get("/").text
    (letter,) = mail.outbox
    assert "uthenticator" in letter.subject, "its owner is told"


def test_the_next_sign_in_asks_for_the_number_and_takes_no_wrong_one() -> None:
    mo = by_password("mo", Role.MODERATOR)
    sets_up_app(mo)
    again = Visitor(login=mo.member)
    half = again.post("/account/login/", {"login": "mo", "password": PASSWORD})
    assert half.goes_to == "/account/2fa/authenticate/"
    assert again.get("/wallet").goes_to.startswith("/account/login/"), "not signed in yet"
    assert again.post("/account/2fa/authenticate/", {"code": "000000"}).status == 200
    assert again.get("/wallet").status == 302
    assert again.post("/account/2fa/authenticate/", {"code": code_of(mo.member)}).status == 302
    assert again.get("/queue").status == 200


def test_a_recovery_code_works_once() -> None:
    mo = by_password("mo", Role.MODERATOR)
    sets_up_app(mo)
    page = mo.get("/account/2fa/recovery-codes/")
    found = Authenticator.objects.get(user_id=mo.member.id, type="recovery_codes").wrap()
    code = found.get_unused_codes()[0]
    assert code in page.main
    for expected in (302, 200):
        again = Visitor(login=mo.member)
        again.post("/account/login/", {"login": "mo", "password": PASSWORD})
        assert again.post("/account/2fa/authenticate/", {"code": code}).status == expected


def test_a_proof_runs_out(mo: Visitor) -> None:
    assert mo.get("/queue").status == 200
    session = mo.client.session
    session[second_factor.ADDED] = time.time() - 13 * 3600
    session.save()
    assert mo.get("/queue").goes_to == "/account/2fa/reauthenticate/?next=%2Fqueue"


def test_who_takes_the_second_factor_away_loses_the_power(mo: Visitor) -> None:
    Authenticator.objects.all().delete()
    assert mo.get("/queue").goes_to == "/account/2fa/"


def test_a_proof_is_of_the_session_not_of_the_log_in(mo: Visitor) -> None:
    other = Client(raise_request_exception=False)
    other.force_login(get_user_model().objects.get(pk=mo.member.id))
    assert other.get("/queue").status_code == 302


def test_the_secrets_of_apps_are_sealed_in_the_database() -> None:
    mo = by_password("mo", Role.MODERATOR)
    mo.post("/account/reauthenticate/", {"password": PASSWORD})
    mo.get("/account/2fa/totp/activate/")
    secret = mo.client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    mo.post("/account/2fa/totp/activate/", {"code": code})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert "totp" not in kept
    assert secret not in kept


@override_settings(DEMO=True)
def test_the_demo_asks_for_none_and_says_so() -> None:
    join("mo", role=Role.MODERATOR)
    client = Client(headers={"Host": "localhost"})
    client.force_login(get_user_model().objects.get(username="mo"))
    assert client.get("/queue").status_code == 200
    assert b"this demo does not" in client.get("/").content


def test_a_member_needs_none_but_may_have_one(rita: Visitor) -> None:
    assert "Your role rests" not in rita.get("/").text
    assert "You have none" in rita.get("/account/").text
    assert rita.get("/account/2fa/").status == 200


def test_an_address_nobody_confirmed_cannot_lock_its_owner_out(stranger: Visitor) -> None:
    fields = {"email": "lena@example.org", "username": "lena", "password1": "correct horse battery"}
    stranger.post("/account/signup/", fields)
    page = stranger.client.get("/account/2fa/totp/activate/", follow=True)
    assert "until you have verified your email address" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_nobody_touches_a_passkey_of_somebody_else(mo: Visitor) -> None:
    key = Authenticator.objects.create(user_id=mo.member.id, type="webauthn", data={"name": "k"})
    lena = signed_in(join("lena"))
    lena.post("/account/reauthenticate/", {"password": PASSWORD})
    for verb in ("edit", "remove"):
        path = f"/account/2fa/webauthn/keys/{key.pk}/{verb}/"
        assert {lena.get(path).status, lena.post(path, {"name": "x"}).status} == {404}
    assert Authenticator.objects.filter(pk=key.pk).exists()
