"""`assent export-statements`, as a user types it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assent.cli.statements import export_statements
from assent.gateways import clock
from tests.flows.market import SINGER, join, posted

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
