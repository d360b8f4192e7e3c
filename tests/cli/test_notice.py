"""`assent notice`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assent.cli.notice import notice
from assent.core.terms import ItemState, Role
from assent.flows.decide_case import remove_in_case
from tests.flows import market
from tests.flows.market import join, offered, state
from tests.flows.test_removals import TO, listed, sha_of, signed

__all__ = ["listed"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is the market."""
    monkeypatch.setattr("assent.cli.notice.require_market", lambda data: None)


def typed(*words: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(notice, list(words), input=stdin)


def test_a_file_is_taken_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    listing = offered(join("cora"), 3)
    file = tmp_path / "notice.jws"
    file.write_bytes(signed(sha_of(listing)) + b"\n")
    first = typed("import", str(file))
    assert (first.exit_code, first.output) == (
        0, "Taken from atelier, 1 hashes: what matches is hidden, and the queue has its case.\n",
    )  # fmt: skip
    assert state(listing) is ItemState.HIDDEN
    again = typed("import", str(file))
    assert (again.exit_code, again.output) == (
        0, "This notice of atelier was taken before. Nothing changed.\n",
    )  # fmt: skip


def test_standard_input_and_json(tmp_path: Path) -> None:
    found = json.loads(typed("import", "-", "--json", stdin=signed("1" * 64)).output)
    assert found == {
        "id": "n" * 24, "sender": "atelier", "known": False, "hashes": 1, "matches": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"hello", "not a removal notice"),
        (b"x" * 70_000, "at most 200 hashes"),
    ],
)
def test_what_is_wrong_is_said_and_exits_with_2(body: bytes, words: str) -> None:
    refused = typed("import", "-", stdin=body)
    assert refused.exit_code == 2
    assert words in refused.output


def test_an_unknown_sender_exits_with_2() -> None:
    refused = typed("import", "-", stdin=signed("1" * 64, iss="https://nobody.example"))
    assert refused.exit_code == 2
    assert "not among the senders" in refused.output


def test_the_list_shows_what_went_where() -> None:
    mo = join("mo", role=Role.MODERATOR)
    receipt = market.notice(offered(join("cora"), 4), details={"tell_others": True})
    remove_in_case(mo, receipt.number)
    typed("import", "-", stdin=signed("1" * 64))
    shown = typed("list").output
    assert TO in shown
    assert "waiting" in shown
    assert "from atelier" in shown
    found = json.loads(typed("list", "--json").output)
    assert [one["to"] for one in found["sent"]] == [TO]
    assert [one["from"] for one in found["received"]] == ["atelier"]
