"""Sign-up, sign-in, sign-out, a forgotten password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from tests.cast import Visitor

PASSWORD = "correct horse battery"
NEW = {"email": "lena@example.org", "username": "lena", "password1": PASSWORD}


def test_sign_up_in_and_out(stranger: Visitor) -> None:
    assert stranger.post("/account/signup/", NEW).status == 302
    assert "lena" in stranger.get("/").text
    assert stranger.post("/account/logout/").goes_to == "/"
    assert "Sign in" in stranger.get("/").text
    for login in ("lena", "lena@example.org"):
        signed = stranger.post(
            "/account/login/?next=/wallet", {"login": login, "password": PASSWORD}
        )
        assert signed.goes_to == "/wallet"
        stranger.post("/account/logout/")


def test_the_house_keeps_its_name_on_these_pages(stranger: Visitor) -> None:
    for path in ("login", "signup", "password/reset"):
        page = stranger.get(f"/account/{path}/")
        assert page.status == 200
        assert "· Assent</title>" in page.html
        assert 'class="masthead"' in page.html


@pytest.mark.parametrize(
    "name", ["ab", "x" * 31, "Lena", "le na", "léna", "admin", "takedown", "lena@x", "le_na"]
)
def test_names_that_are_not_taken(stranger: Visitor, name: str) -> None:
    page = stranger.post("/account/signup/", NEW | {"username": name})
    assert page.status == 200
    assert 'id="id_username_error"' in page.main


def test_wrong_passwords_and_unknown_people_look_the_same(stranger: Visitor, rita: Visitor) -> None:
    pages = [
        stranger.post("/account/login/", {"login": name, "password": "wrong password"}).main
        for name in ("rita", "nobody-here")
    ]
    texts = {re.sub(r'value="[^"]*"', "", page) for page in pages}
    assert len(texts) == 1
    assert "error-summary" in texts.pop()


def test_a_forgotten_password_is_reset_by_letter(stranger: Visitor) -> None:
    stranger.post("/account/signup/", NEW)
    stranger.post("/account/logout/")
    mail.outbox.clear()
    assert stranger.post("/account/password/reset/", {"email": NEW["email"]}).status == 302
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://testserver(\S+)", str(letter.body))
    form = stranger.get(link).goes_to or link
    assert stranger.get(form).status == 200
    fresh = {"password1": "another long password", "password2": "another long password"}
    assert stranger.post(form, fresh).status == 302
    signed = stranger.post("/account/login/", {"login": "lena", "password": fresh["password1"]})
    assert signed.status == 302


def test_a_form_without_its_token_is_refused_with_a_page(rita: Visitor) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "rita", "password": "a long password"})
    assert response.status_code == 403
    assert "This form had gone stale" in response.content.decode()
