"""`assent export-statements`, as a user types it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assent.catalogue.models import Item
from assent.cli.statements import export_research, export_statements
from assent.core.terms import Role
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.gateways import clock
from assent.journal.models import JournalRow
from tests.flows.market import SINGER, UNSURE, join, notice, offered, posted

pytestmark = pytest.mark.django_db


def exported(out: Path, first: str, last: str) -> Result:
    # The market's own folder is not asked for: the test's database is the market here.
    return CliRunner().invoke(export_statements, ["--from", first, "--to", last, "--out", str(out)])


def test_the_same_days_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assent.cli.statements.require_market", lambda data: None)
    rita = join("rita", 1000)
    for _ in range(3):
        posted(rita, SINGER)
    today, tomorrow = (f"{clock.now().date() + timedelta(days=n)}" for n in (0, 1))
    one, two = tmp_path / "one", tmp_path / "two"
    assert "3 statements" in exported(one, today, today).output
    exported(two, today, today)
    (file,) = one.glob("*.json")
    assert file.read_bytes() == (two / file.name).read_bytes()
    assert len(json.loads(file.read_text())["statements"]) == 3
    assert "Swift" not in file.read_text()
    assert "0 statements" in exported(tmp_path / "none", tomorrow, tomorrow).output
    assert exported(one, tomorrow, today).exit_code == 2


def for_research(out: Path, day: str) -> Result:
    words = ["--from", day, "--to", day, "--to-whom", "An invented project", "--out", str(out)]
    return CliRunner().invoke(export_research, words)


def test_req_aud_07_researchers_get_decisions_and_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assent.cli.statements.require_market", lambda data: None)
    rita, cora = join("rita", 1000), join("cora")
    mo, mia = (join(name, role=Role.MODERATOR) for name in ("mo", "mia"))
    posted(rita, SINGER)
    for moderator in (mo, mo, mia):
        decide_held(moderator, posted(rita, UNSURE), approve=False, reason="A secret reason.")
    hidden = notice(offered(cora, 1))
    remove_in_case(mo, hidden.number)
    minor = notice(posted(rita, "A blue hare"), details={"under_18": True})
    today = f"{clock.now().date()}"
    assert for_research(tmp_path / "one", today).exit_code == 0
    text = (tmp_path / "one" / "decisions.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    by_rule = Counter(row["rule"] for row in rows)
    assert by_rule["moderator.refused"] == 3
    takedowns = [row for row in rows if row["source"] == "notice"]
    assert takedowns
    assert {row["at"] for row in takedowns} == {today}, "the day alone"
    who = [row["moderator"] for row in rows if row["rule"] == "moderator.refused"]
    assert sorted(Counter(who).values()) == [1, 2]
    for word in ("rita", "cora", '"mo"', "mia", "Swift", "secret", "hare", hidden.number):
        assert word not in text
    assert minor.number not in text
    kinds = [(row["kind"], row["rule"]) for row in rows]
    assert ("bounty", "takedown.hidden") not in kinds, "about an apparent minor there is no row"
    for item in Item.objects.values_list("id", flat=True):
        assert item not in text
    for_research(tmp_path / "two", today)
    again = [json.loads(x) for x in (tmp_path / "two" / "decisions.jsonl").read_text().splitlines()]
    assert {r["moderator"] for r in again if r["moderator"]}.isdisjoint(who)
    assert "An invented project" in (tmp_path / "two" / "TERMS.txt").read_text()
    assert JournalRow.objects.filter(verb="research.exported").count() == 2
