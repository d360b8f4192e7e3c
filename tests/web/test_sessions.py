"""Where somebody is signed in, and signing out there."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from assent.web.views.account import browser_name
from tests.cast import Visitor
from tests.flows.market import join

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signs_in(name: str, agent: str, address: str = "203.0.113.77") -> Visitor:
    visitor = Visitor()
    visitor.client.defaults |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address}
    fields = {"login": name, "password": "a long password"}
    assert visitor.post("/account/login/", fields).status == 302
    return visitor


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/wallet").status == 200


@pytest.fixture
def two() -> tuple[Visitor, Visitor]:
    """Lena at two browsers."""
    join("lena")
    return signs_in("lena", FIREFOX), signs_in("lena", SAFARI)


def test_every_browser_is_listed_with_what_one_knows_it_by(two: tuple[Visitor, Visitor]) -> None:
    text = two[0].get("/account/sessions/").text
    assert "Firefox on Linux this one" in text
    assert "Safari on iPhone" in text
    assert "from the network 203.0.113.0" in text


def test_of_an_address_only_the_network_is_kept(two: tuple[Visitor, Visitor]) -> None:
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"203.0.113.0"}
    signs_in("lena", FIREFOX, "2001:db8:aaaa:bbbb::1")
    assert "2001:db8:aaaa::" in set(UserSession.objects.values_list("ip", flat=True))


def test_one_browser_is_signed_out(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    (other,) = re.findall(r'name="session" value="(\d+)"', here.get("/account/sessions/").main)
    assert here.post("/account/sessions/", {"session": other}).status == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert here.post("/account/sessions/", {"session": other}).status == 404


def test_everywhere_else_is_signed_out(two: tuple[Visitor, Visitor]) -> None:
    third = signs_in("lena", SAFARI)
    assert two[0].post("/account/sessions/").status == 302
    assert [is_signed_in(v) for v in (*two, third)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(
    two: tuple[Visitor, Visitor], rita: Visitor
) -> None:
    (theirs,) = re.findall(r'name="session" value="(\d+)"', two[0].get("/account/sessions/").main)
    for sent in ({"session": theirs}, {}):
        rita.post("/account/sessions/", sent)
    assert all(is_signed_in(v) for v in two)


def test_a_new_password_signs_every_other_browser_out(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    new = "another long password"
    fields = {"oldpassword": "a long password", "password1": new, "password2": new}
    assert here.post("/account/password/change/", fields).status == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_signing_in_gives_a_session_that_nobody_could_have_set(stranger: Visitor) -> None:
    join("lena")
    stranger.post("/theme", {"theme": "dark"})
    session = stranger.client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    stranger.client.cookies["sessionid"] = planted
    stranger.post("/account/login/", {"login": "lena", "password": "a long password"})
    assert stranger.client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "A program"),
        ("", "A program"),
        ("<script>", "A program"),
    ],
)
def test_a_browser_is_named_as_its_owner_would(agent: str, name: str) -> None:
    assert browser_name(agent) == name
