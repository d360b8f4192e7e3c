"""Dumps and reports: nothing in them that names anybody, and the same bytes each time."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from assent.cli.audit_check import check
from assent.cli.openbooks import dump, report
from assent.core.transparency import period_of
from assent.flows.decide_case import remove_in_case
from assent.flows.publish_books import open_records, publish_books, report_of
from assent.gateways import books, clock
from assent.people.queries import Member
from tests.flows.market import FOX, handed_in, notice, offered, posted

CANARY = "canary-Vera-Lindqvist-Oyelaran"


@pytest.fixture
def market(rita: Member, cora: Member, mo: Member) -> str:
    """Items, a notice with canaries in every field, and its decision; the bounty's id."""
    bounty = posted(rita)
    handed_in(cora, bounty)
    listing = offered(cora, 2, f"Misty {CANARY[:6]}")
    contact = {"kind": "email", "value": f"{CANARY}@example.org"}
    receipt = notice(listing, CANARY, contact=contact, details={"note": CANARY, "protect": True})
    remove_in_case(mo, receipt.number)
    return bounty


def test_req_aud_01_the_dump_has_the_open_fields_and_no_word_of_anybody(
    market: str, tmp_path: Path, rita: Member
) -> None:
    path = tmp_path / "items.jsonl.gz"
    assert books.write_dump(path, open_records()) == 2
    text = gzip.decompress(path.read_bytes()).decode()
    for word in (CANARY, FOX, rita.name, "cora", "fox.safetensors"):
        assert word not in text
    assert set(json.loads(text.splitlines()[0])) == {
        "id", "kind", "type", "state", "base_model", "created_at", "downloads", "consent",
        "scope_hash", "policy",
    }  # fmt: skip
    again = tmp_path / "again.jsonl.gz"
    books.write_dump(again, open_records())
    assert again.read_bytes() == path.read_bytes()
    found = CliRunner().invoke(check, [str(path)])
    assert found.exit_code == 0, found.output
    assert "2 records, 0 left out" in found.output


def test_req_tra_07_the_same_journal_gives_the_same_bytes_and_changes_a_version(
    market: str, tmp_path: Path, rita: Member, mo: Member
) -> None:
    period = period_of(f"{clock.now():%Y-%m}")
    first, new = books.write_report(report_of(period), tmp_path)
    assert new
    assert json.loads(first.read_text())["figures"]["requests received"] == "fewer than 5"
    again, new = books.write_report(report_of(period), tmp_path)
    assert (again, new) == (first, False)
    other, _ = books.write_report(report_of(period), tmp_path / "elsewhere")
    assert other.read_bytes() == first.read_bytes()
    for _ in range(6):
        notice(posted(rita, credits_=10))
    second, new = books.write_report(report_of(period), tmp_path)
    assert (new, second.name[-8:]) == (True, "-v2.json")
    assert json.loads(second.read_text())["figures"]["requests received"] == 7
    assert first.exists(), "a correction never overwrites"
    assert CANARY not in second.read_text() + second.with_suffix(".csv").read_text()


def test_the_worker_writes_each_day_and_each_month_once(market: str) -> None:
    with clock.at(datetime(2027, 1, 1, 3, tzinfo=UTC)):
        assert publish_books() == 3, "the day's dump, December and 2026"
        assert publish_books() == 0
        assert [r.of for r in books.reports()] == ["2026-12", "2026"]
    for day in range(2, 40):
        with clock.at(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day)):
            publish_books()
    assert len(books.dumps()) == books.DUMPS_KEPT


def test_the_commands_write_them_too(
    market: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assent.cli.openbooks.require_market", lambda data: None)
    month = f"{clock.now():%Y-%m}"
    done = CliRunner().invoke(report, [month, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "SHA-256" in done.output
    assert "nothing changed" in CliRunner().invoke(report, [month, "--out", str(tmp_path)]).output
    assert CliRunner().invoke(report, ["11/26", "--out", str(tmp_path)]).exit_code == 2
    done = CliRunner().invoke(dump, ["--out", str(tmp_path / "items.jsonl.gz")])
    assert "2 items" in done.output
