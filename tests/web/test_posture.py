"""The marketplace as somebody sees it who wants in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from assent.people.models import User
from tests.cast import Visitor
from tests.flows.market import join

PASSWORD = "a long password"
RATES = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}


@pytest.fixture
def lena() -> User:
    """Somebody whose account is wanted."""
    return User.objects.get(pk=join("lena").id)


def tries(password: str, name: str = "lena") -> int:
    fields = {"login": name, "password": password}
    return Visitor().post("/account/login/", fields).status


# Guessing ---------------------------------------------------------------------------------------


@override_settings(ACCOUNT_RATE_LIMITS=RATES)
def test_a_password_cannot_be_guessed(lena: User) -> None:
    cache.clear()
    assert [tries(f"guess {n}") for n in range(5)] == [200] * 5
    assert tries(PASSWORD) == 200, "after five wrong ones not even the right one, for a while"
    cache.clear()
    assert tries(PASSWORD) == 302


@override_settings(ACCOUNT_RATE_LIMITS={"login": "3/m/ip"})
def test_too_many_tries_from_one_place_get_a_page_that_says_when(lena: User) -> None:
    cache.clear()
    statuses = [tries("guess", f"name-{n}") for n in range(4)]
    assert statuses == [200, 200, 200, 429]
    page = Visitor().post("/account/login/", {"login": "x", "password": "y"})
    assert int(page.headers["Retry-After"]) > 0
    assert "Please wait" in page.text
    cache.clear()


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "5/5m/key"})
def test_a_flood_of_other_names_does_not_make_the_count_forget(lena: User) -> None:
    cache.clear()
    for n in range(5):
        tries(f"guess {n}")
    for n in range(2_000):
        cache.set(f"flood-{n}", n)
    assert tries(PASSWORD) == 200
    cache.clear()


def test_signing_up_does_not_say_whose_address_is_known(lena: User) -> None:
    seen = []
    for name, address in (("zoe", lena.email), ("zora", "nobody@example.org")):
        visitor = Visitor()
        fields = {"email": address, "username": name, "password1": "correct horse battery"}
        page = visitor.post("/account/signup/", fields)
        seen.append((page.status, page.goes_to))
    assert seen[0] == seen[1]


def test_a_taken_address_stays_its_owners(lena: User) -> None:
    fields = {"email": lena.email, "username": "zoe", "password1": "correct horse battery"}
    Visitor().post("/account/signup/", fields)
    signed = Visitor()
    assert signed.post("/account/login/", {"login": lena.email, "password": PASSWORD}).status == 302
    assert "lena" in signed.get("/").text


def test_a_forgotten_password_does_not_say_whose_address_is_known(lena: User) -> None:
    pages = [
        Visitor().post("/account/password/reset/", {"email": address})
        for address in (lena.email, "nobody@example.org")
    ]
    assert len({(p.status, p.goes_to) for p in pages}) == 1
    assert len(mail.outbox) == 2, "both get a letter, and only the owner's has a link"


# Luring -----------------------------------------------------------------------------------------

ELSEWHERE = ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)",
             "https:evil.example", "\thttps://evil.example"]  # fmt: skip


@pytest.mark.parametrize("away", ELSEWHERE)
def test_no_link_of_ours_leads_elsewhere(lena: User, away: str) -> None:
    fields = {"login": "lena", "password": PASSWORD, "next": away}
    visitor = Visitor()
    for path, sent in (
        ("/account/login/", fields),
        ("/theme", {"theme": "dark", "next": away}),
        ("/account/reauthenticate/", {"password": PASSWORD, "next": away}),
        ("/account/logout/", {"next": away}),
    ):
        page = visitor.post(path, sent)
        assert page.status == 302
        assert page.goes_to.startswith("/"), (path, page.goes_to)
        assert not page.goes_to.startswith(("//", "/\\")), (path, page.goes_to)


@pytest.mark.parametrize(
    "host", ["evil.example", "a b", "evil.example:80", "127.0.0.1.evil.example"]
)
def test_under_a_foreign_name_nothing_is_said(host: str, lena: User) -> None:
    client = Client(raise_request_exception=False)
    for path in ("/", "/api/v1/bounties", "/account/password/reset/"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400
        assert b"evil" not in response.content
        assert b"Traceback" not in response.content
    client.post("/account/password/reset/", {"email": lena.email}, headers={"Host": host})
    assert not mail.outbox, "no letter with a link that leads elsewhere"


def test_a_forwarded_name_is_not_believed(lena: User) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "6.6.6.6"}
    Visitor().post("/account/password/reset/", {"email": lena.email}, headers=headers)
    assert "evil" not in str(mail.outbox[0].body)


# Forging ----------------------------------------------------------------------------------------

# These take a form without a token, on purpose: the takedown path works without a cookie, what
# providers and other sites send is signed, and the colours of a page are no secret.
WITHOUT_TOKEN = {
    "takedown",
    "case",
    "case_find",
    "case_act",
    "payment_event",
    "bank_event",
    "removal_notices",
    "theme",
}


def test_every_form_but_these_needs_its_token(lena: User) -> None:
    from tests.web.test_routes import pages

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(lena)
    ids = {"pk": "1", "key": "k", "uidb36": "1", "name": "lena", "number": "AAAA-AAAA-AAAA"}
    unguarded = set()
    for name, address in pages().items():
        path = address.format_map(_Filled(ids))
        # The token is asked for before anything else, so that nothing else can be the answer.
        if client.post(path, {}).status_code != 403:
            unguarded.add(name)
    assert unguarded <= WITHOUT_TOKEN


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "000000000000" if name.endswith("_id") else "x"


def test_the_api_does_not_take_a_browsers_session(lena: User) -> None:
    client = Client()
    client.force_login(lena)
    for path in ("wallet", "me", "tokens"):
        assert client.get(f"/api/v1/{path}").status_code == 401
    answer = client.post("/api/v1/bounties", "{}", content_type="application/json")
    assert answer.status_code == 401


# Looking around ---------------------------------------------------------------------------------

DOORS = ["/admin/", "/admin/login/", "/static/", "/.git/config", "/var/", "/media/", "/debug/",
         "/api/", "/api/v1/", "/server-status", "/%2e%2e/etc/passwd", "/metrics"]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_there_is_no_back_door(door: str, stranger: Visitor) -> None:
    page = stranger.client.get(door)
    assert page.status_code == 404
    assert b"urlpatterns" not in page.content


def test_no_admin_is_installed() -> None:
    from django.conf import settings

    assert not [app for app in settings.INSTALLED_APPS if "admin" in app or "debug" in app]
    assert settings.DEBUG is False


def test_every_answer_forbids_what_no_page_needs(stranger: Visitor) -> None:
    headers = stranger.get("/").headers
    policy = headers["Content-Security-Policy"]
    for part in ("object-src 'none'", "base-uri 'none'", "form-action 'self'",
                 "frame-ancestors 'none'", "frame-src 'none'", "script-src 'self'"):  # fmt: skip
        assert part in policy
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_cookies_are_out_of_reach_of_scripts(lena: User) -> None:
    visitor = Visitor()
    visitor.post("/account/login/", {"login": "lena", "password": PASSWORD})
    visitor.get("/account/")
    visitor.post("/theme", {"theme": "dark"})
    assert set(visitor.client.cookies) >= {"sessionid", "csrftoken", "theme"}
    for cookie in visitor.client.cookies.values():
        if cookie.value:
            assert cookie["httponly"], cookie.key
            assert cookie["samesite"] == "Lax", cookie.key


def test_over_tls_cookies_stay_on_this_host_and_browsers_stay_on_tls(tmp_path: object) -> None:
    code = (
        "from assent.config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN,"
        " s.SECURE_PROXY_SSL_HEADER)"
    )
    env = {"ASSENT_SITE_URL": "https://market.example.org", "ASSENT_DATA": str(tmp_path),
           "ASSENT_PROXIES": "1"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    expected = (
        "__Host-session __Host-csrf True True 31536000 False ('HTTP_X_FORWARDED_PROTO', 'https')"
    )
    assert done.stdout.strip() == expected
