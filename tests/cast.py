"""The fixed cast of invented people, each in front of a browser without scripts.

A test asks for whom it needs by name. What they do by way of the rules, rather than by clicking,
is in `tests.flows.market`.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from assent.core.terms import Role
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import Member
from assent.web import second_factor
from tests.flows.market import join


@dataclass(frozen=True)
class Page:
    """What a browser got."""

    status: int
    html: str
    headers: Any
    raw: bytes = b""

    @property
    def text(self) -> str:
        """The words on the page, as somebody reads them."""
        body = self.html.split("<body", 1)[-1].partition(">")[2]
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
        return re.sub(r" ([,.:;])", r"\1", words)

    @property
    def main(self) -> str:
        """The HTML of the page without its head, navigation and foot."""
        return self.html.partition("<main")[2].partition("</main>")[0]

    @property
    def goes_to(self) -> str:
        """Where a redirect leads; empty for a page."""
        return str(self.headers.get("Location", ""))


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of a browser; a stranger has no log-in."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    login: Member | None = None

    @property
    def member(self) -> Member:
        """Their log-in."""
        assert self.login is not None, "a stranger has no log-in"
        return self.login

    def get(self, path: str, **more: Any) -> Page:
        """Open a page."""
        return _page(self.client.get(path, **more))

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Send a form."""
        return _page(self.client.post(path, fields or {}, **more))


def _page(response: Any) -> Page:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    is_text = response.headers.get("Content-Type", "").startswith("text/")
    return Page(response.status_code, raw.decode() if is_text else "", response.headers, raw)


def signed_in(who: Member) -> Visitor:
    """The member in front of a browser that they have signed in with."""
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(pk=who.id))
    if who.role is not Role.MEMBER:
        prove_second_factor(client, who)
    return Visitor(client, who)


def prove_second_factor(client: Client, who: Member) -> None:
    """Give them an authenticator app, as if they had typed its number in this session."""
    Authenticator.objects.get_or_create(user_id=who.id, type="totp", defaults={"data": {}})
    session = client.session
    session[second_factor.ADDED] = time.time()
    session.save()


@pytest.fixture(autouse=True)
def books_and_journal_hold(db: None) -> Iterator[None]:
    """Whatever was clicked, nothing may be wrong with what is left of it."""
    yield
    assert ledger_proof().faults == ()
    assert journal_proof().faults == ()


@pytest.fixture
def stranger() -> Visitor:
    """Nobody we know."""
    return Visitor()


@pytest.fixture
def rita() -> Visitor:
    """A requester with 1,000 credits."""
    return signed_in(join("rita", 1000))


@pytest.fixture
def sam() -> Visitor:
    """A supporter with 1,000 credits."""
    return signed_in(join("sam", 1000))


@pytest.fixture
def cora() -> Visitor:
    """A creator without a credit."""
    return signed_in(join("cora"))


@pytest.fixture
def chris() -> Visitor:
    """Another creator without a credit."""
    return signed_in(join("chris"))


@pytest.fixture
def mo() -> Visitor:
    """A moderator."""
    return signed_in(join("mo", role=Role.MODERATOR))


@pytest.fixture
def mia() -> Visitor:
    """Another moderator, with 1,000 credits."""
    return signed_in(join("mia", 1000, role=Role.MODERATOR))


@pytest.fixture
def otto() -> Visitor:
    """The operator."""
    return signed_in(join("otto", role=Role.OPERATOR))


@pytest.fixture
def ada() -> Visitor:
    """An auditor."""
    return signed_in(join("ada", role=Role.AUDITOR))
