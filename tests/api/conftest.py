"""Callers of the API, each with a token of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from assent.core.access import Scope
from assent.core.terms import Role
from assent.flows.make_token import DEFAULT, make_token
from assent.people.queries import Member
from tests.flows.conftest import books_and_journal_hold, own_folders  # noqa: F401
from tests.flows.market import join

API = "/api/v1"
ERROR = {"code", "message", "fields", "retry"}


@dataclass(frozen=True)
class Answer:
    """What came back: a status and a JSON body, whose shape is checked whenever it is an error."""

    status: int
    body: Any
    raw: bytes
    headers: Any


@dataclass
class Caller:
    """Somebody who calls the API; a stranger sends no token."""

    member: Member | None = None
    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """Read."""
        return self._answer("get", path, headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """Send JSON."""
        return self._answer("post", path, headers, data=body, content_type="application/json")

    def delete(self, path: str, **headers: str) -> Answer:
        """Delete."""
        return self._answer("delete", path, headers)

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Answer:
        """Send a form with files."""
        return self._answer("post", path, headers, data=fields)

    def _answer(self, verb: str, path: str, headers: dict[str, str], **more: Any) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        call = getattr(Client(raise_request_exception=False), verb)
        response = call(API + path, headers=sent, **more)
        if response.streaming:
            # Read to its end, it closes itself, and leaves the test's connection open.
            content = b"".join(response.streaming_content)
            return Answer(response.status_code, None, content, response.headers)
        body = response.json() if response.content else None
        if response.status_code >= 400:
            assert set(body) - {"id"} == ERROR, body
            assert body["code"].isidentifier()
            assert body["message"].strip()
            assert all(isinstance(text, str) for text in body["fields"].values())
            assert isinstance(body["retry"], bool)
        return Answer(response.status_code, body, response.content, response.headers)


def caller(name: str, credits_: int = 0, role: Role = Role.MEMBER) -> Caller:
    """A new member with a token."""
    member = join(name, credits_, role)
    scopes = frozenset(Scope) if role is not Role.MEMBER else DEFAULT
    return Caller(member, make_token(name, "test", scopes))


@pytest.fixture
def rita() -> Caller:
    """A requester with 1,000 credits."""
    return caller("rita", 1000)


@pytest.fixture
def sam() -> Caller:
    """A supporter with 1,000 credits."""
    return caller("sam", 1000)


@pytest.fixture
def cora() -> Caller:
    """A creator."""
    return caller("cora")


@pytest.fixture
def mo() -> Caller:
    """A moderator."""
    return caller("mo", role=Role.MODERATOR)


@pytest.fixture
def stranger() -> Caller:
    """Nobody we know."""
    return Caller()
