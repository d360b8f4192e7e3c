"""Statements of reasons sent to a stand-in that speaks the documented interface of the EU's
database: 100 at most, a bearer token, 201 or 422, no `puid` twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from assent.casework.statements import refused_by_eu
from assent.flows.send_statements import send_statements
from assent.gateways import clock, dsa
from assent.people.queries import Member
from tests.flows.market import SINGER, in_days, notice, offered, posted

CANARY = "canary-Vera-Lindqvist-Oyelaran"


class StandIn(HTTPServer):
    """What it took, what it was asked, and what it shall answer instead."""

    taken: dict[str, dict[str, Any]]
    asked: list[int]
    answer: int | None = None
    hates: str = ""
    token = "a-token"


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        found = json.loads(self.rfile.read(length))["statements"]
        self.server.asked.append(len(found))
        self._say(self.server.answer or self._judged(found))

    def _judged(self, found: list[dict[str, Any]]) -> int:
        if self.path != "/api/v1/statements":
            return 404
        if self.headers["Authorization"] != f"Bearer {self.server.token}":
            return 401
        known = [one for one in found if one["puid"] in self.server.taken]
        bad = [one for one in found if one["puid"] == self.server.hates]
        if len(found) > 100 or known or bad:
            return 422
        self.server.taken |= {one["puid"]: one for one in found}
        return 201

    def _say(self, status: int) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def eu(settings: Any) -> Iterator[StandIn]:
    """A stand-in that listens, and a marketplace that is told of it."""
    server = StandIn(("127.0.0.1", 0), Handler)
    server.taken, server.asked = {}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.DSA_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    settings.DSA_TOKEN = StandIn.token
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def restricted(rita: Member, cora: Member) -> int:
    """Three restrictions: a refused bounty, a hidden listing, and one about an apparent minor."""
    posted(rita, SINGER)
    notice(offered(cora), CANARY, details={"note": CANARY})
    notice(offered(cora, title="Another fox"), details={"under_18": True})
    return 2


def test_nothing_is_sent_unless_it_was_switched_on(restricted: int, settings: Any) -> None:
    with in_days(2):
        assert send_statements() == 0
        settings.DSA_ADDRESS = "https://127.0.0.1:1"
        assert not dsa.is_on(), "an address without a token"


def test_each_statement_is_sent_once_and_names_nobody(restricted: int, eu: StandIn) -> None:
    assert send_statements() == 0, "a decision of today may still change"
    with in_days(2):
        assert send_statements() == restricted, "but for the one about an apparent minor"
        assert send_statements() == 0
    assert eu.asked == [restricted]
    assert CANARY not in json.dumps(eu.taken)
    assert "rita" not in json.dumps(eu.taken)


def test_one_that_is_not_taken_does_not_keep_the_others_back(
    restricted: int, eu: StandIn, rita: Member
) -> None:
    with in_days(2):
        send_statements()
        posted(rita, SINGER)
        posted(rita, SINGER)
    before = set(eu.taken)
    with in_days(4):
        assert send_statements() == 2
        first = min(set(eu.taken) - before)
    # As if we had been cut off after they were sent: the database knows them already.
    eu.taken = {first: {}}
    from assent.casework.models import SentStatement

    SentStatement.objects.exclude(puid__in=before).delete()
    eu.asked.clear()
    with in_days(4):
        assert send_statements() == 1
        assert eu.asked == [2, 1, 1]
        assert refused_by_eu() == 1
        assert send_statements() == 0


@pytest.mark.parametrize("status", [401, 429, 500, 302])
def test_while_the_database_is_not_there_everything_waits(
    restricted: int, eu: StandIn, status: int
) -> None:
    eu.answer = status
    with in_days(2):
        assert send_statements() == 0
        assert eu.asked == [restricted], "it stops at the first"
        eu.answer = None
        assert send_statements() == restricted


def test_a_token_never_goes_over_a_plain_line(restricted: int, settings: Any) -> None:
    settings.DSA_ADDRESS, settings.DSA_TOKEN = "http://203.0.113.7", "a-token"
    assert dsa.send([{}]) is dsa.Taken.LATER
    settings.DSA_ADDRESS = "https://127.0.0.1:1"
    assert dsa.send([{}]) is dsa.Taken.LATER, "nobody listens there"


def test_what_is_older_than_the_window_is_not_sent(restricted: int, eu: StandIn) -> None:
    with clock.at(clock.now() + timedelta(days=120)):
        assert send_statements() == 0
