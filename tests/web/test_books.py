"""Reports and dumps as anybody finds them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assent.cli.openbooks import report
from assent.flows.publish_books import publish_books
from assent.gateways import books, clock
from tests.cast import Visitor
from tests.flows.market import notice, posted


def test_reports_and_dumps_are_listed_and_loaded(stranger: Visitor, rita: Visitor) -> None:
    assert "No month is over yet." in stranger.get("/transparency/books").text
    for _ in range(6):
        notice(posted(rita.member, credits_=10))
    now = clock.now()
    with clock.at(datetime(now.year + now.month // 12, now.month % 12 + 1, 2, tzinfo=UTC)):
        publish_books()
    page = stranger.get("/transparency/books")
    (dumped,) = books.dumps()
    for name in (one.name for one in (*books.reports(), dumped)):
        assert name in page.html
        loaded = stranger.get(f"/transparency/books/{name}")
        assert loaded.status == 200
        assert loaded.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert loaded.raw == books.read(name)
    assert "Requests received" in page.text
    for wrong in ("secrets", "report-2026-v1.txt", "..", "report-1999-v1.json", "db.sqlite3"):
        assert stranger.get(f"/transparency/books/{wrong}").status == 404


def test_months_are_plotted_and_told_as_a_table(
    stranger: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.PUBLISHED_DIR", tmp_path)
    for number, value in enumerate((7, None, 21), start=1):
        figures = {"requests received": value, "clocks missed": 0, "median hours to a decision": 4}
        books.write_report({"period": f"2026-0{number}", "figures": figures})
    page = stranger.get("/transparency/books")
    part = page.html.partition('id="months-title"')[2].partition("</section>")[0]
    assert part.count("<svg") == 2, "what was nothing all the time is left out"
    assert 'height="17"' in part, "7 of 21, of fifty"
    assert 'height="50"' in part
    assert part.count('class="withheld"') == 1
    assert "2026-02 withheld 2026-03 21" in page.text


def test_a_withheld_month_beside_a_told_one_is_plotted_as_withheld(
    stranger: Visitor, rita: Visitor
) -> None:
    with clock.at(datetime(2026, 12, 2, tzinfo=UTC)):
        for _ in range(6):
            notice(posted(rita.member, credits_=10))
    with clock.at(datetime(2027, 1, 2, tzinfo=UTC)):
        notice(posted(rita.member, credits_=10))
        publish_books()
    with clock.at(datetime(2027, 2, 2, tzinfo=UTC)):
        publish_books()
    page = stranger.get("/transparency/books")
    assert page.status == 200
    months = page.text.partition("Requests received, by month")[2]
    assert "2026-12 6" in months
    assert "2027-01 withheld" in months


def test_req_tra_08_the_eu_report_is_published_where_the_size_asks_for_it(
    stranger: Visitor, rita: Visitor, settings: Any
) -> None:
    notice(posted(rita.member))
    with clock.at(datetime(2027, 1, 2, tzinfo=UTC)):
        publish_books()
        assert books.eu_tables() == []
        settings.EU_SIZE = "medium"
        assert publish_books() == 2
        assert publish_books() == 0
    page = stranger.get("/transparency/books")
    for kind in ("quantitative", "qualitative"):
        name = f"eu-2026-{kind}-v1.csv"
        assert name in page.html
        assert stranger.get(f"/transparency/books/{name}").status == 200
    table = stranger.get("/transparency/books/eu-2026-quantitative-v1.csv").raw.decode()
    assert table.startswith("section,indicator,category,scope,value,unit\r\n")
    assert "1.3,Notices received,STATEMENT_CATEGORY_CYBER_VIOLENCE,all,1,number" in table


def test_req_tra_07_the_eu_report_has_the_same_bytes_and_changes_a_version(
    rita: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assent.cli.openbooks.require_market", lambda data: None)
    year = f"{clock.now():%Y}"
    notice(posted(rita.member))
    done = CliRunner().invoke(report, [year, "--eu", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "SHA-256" in done.output
    again = CliRunner().invoke(report, [year, "--eu", "--out", str(tmp_path)])
    assert "Nothing changed" in again.output
    CliRunner().invoke(report, [year, "--eu", "--out", str(tmp_path / "b")])
    name = f"eu-{year}-quantitative-v1.csv"
    assert (tmp_path / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    notice(posted(rita.member))
    CliRunner().invoke(report, [year, "--eu", "--out", str(tmp_path)])
    assert sorted(p.name for p in tmp_path.glob("eu-*quant*")) == [
        name, f"eu-{year}-quantitative-v2.csv",
    ]  # fmt: skip
    assert CliRunner().invoke(report, ["2026-11", "--eu", "--out", str(tmp_path)]).exit_code == 2


def test_req_aud_03_what_the_shopper_measured_is_published_with_its_dates(
    stranger: Visitor, settings: Any, tmp_path: Path
) -> None:
    settings.PUBLISHED_DIR = tmp_path
    assert "mystery shopper" not in stranger.get("/transparency/books").text
    visit = {
        "language": "de", "filed_at": "2026-11-20", "receipt_seconds": 0.024, "hide_seconds": 0.031,
        "decided_at": None, "stays_down": None, "decided_hours": None,
    }  # fmt: skip
    later = visit | {"language": "ar", "decided_hours": 3.0, "stays_down": True}
    (tmp_path / "shopper-2026-11-20.json").write_text(json.dumps({"visits": [visit, later]}))
    (tmp_path / "shopper-2026-11-24.json").write_text("nothing that can be read")
    page = stranger.get("/transparency/books")
    assert "de 2026-11-20 0.02 s 0.03 s not yet not tried yet" in page.text
    assert "ar 2026-11-20 0.02 s 0.03 s 3.0 h no" in page.text
    assert stranger.get("/transparency/books/shopper-2026-11-20.json").status == 200
    lost = visit | {"hide_seconds": None, "stays_down": False}
    (tmp_path / "shopper-2026-11-25.json").write_text(json.dumps({"visits": [lost]}))
    assert "0.02 s not seen not yet yes" in stranger.get("/transparency/books").text
