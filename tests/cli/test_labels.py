"""`assent export-labels`: what moderators decided, as records, and what is never among them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from assent.cli.statements import export_labels
from assent.consent.save_protected import protect
from assent.core.screening.evaluation import parse_labelled
from assent.core.terms import Role
from assent.flows.decide_held import decide_held
from assent.gateways import clock
from assent.gateways.secrets import name_keys
from assent.people.queries import Member
from tests.flows.market import UNSURE, join, notice, posted

pytestmark = pytest.mark.django_db

SHOWN = "A mystery woman, ask +49 170 1234567 or baker@post.example"


@pytest.fixture
def mo(monkeypatch: pytest.MonkeyPatch) -> Member:
    # The market's own folder is not asked for: the test's database is the market here.
    monkeypatch.setattr("assent.cli.statements.require_market", lambda data: None)
    return join("mo", role=Role.MODERATOR)


def exported(days: int = 0) -> list[dict[str, Any]]:
    day = f"{clock.now().date() + timedelta(days=days)}"
    done = CliRunner().invoke(export_labels, ["--from", day, "--to", day])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def decided(mo: Member, who: Member, title: str, *, approve: bool) -> str:
    item = posted(who, title)
    decide_held(mo, item, approve=approve, reason="A secret reason.")
    return item


def test_a_decision_on_something_held_is_a_record(mo: Member) -> None:
    rita = join("rita", 1000)
    item = decided(mo, rita, UNSURE, approve=True)
    decided(mo, rita, SHOWN, approve=False)
    posted(rita, UNSURE)
    one, other = exported()
    assert (one["title"], one["labels"], one["kind"]) == (UNSURE, {"action": "allow"}, "bounty")
    assert one["machine"]["verdict"] == "review"
    assert other["labels"] == {"action": "block"}
    assert other["title"] == ("A mystery woman, ask 000 000 000 or somebody@mail.example")
    for record in (one, other):
        assert parse_labelled(record).submission.title == record["title"]
        said = json.dumps(record)
        assert not any(word in said for word in (item, "rita", 'mo"', "secret", "baker"))
    assert exported(days=1) == []


def test_nothing_of_a_case_is_given_out(mo: Member) -> None:
    rita = join("rita", 1000)
    item = decided(mo, rita, UNSURE, approve=True)
    assert len(exported()) == 1
    notice(item)
    assert exported() == []


def test_nothing_that_names_somebody_protected_is_given_out(mo: Member) -> None:
    assert protect(["Vera Lindqvist"], "case1", name_keys(), clock.now(), decided=False)
    rita = join("rita", 1000)
    decided(mo, rita, "A mystery woman, Vera Lindqvist", approve=False)
    assert exported() == []
