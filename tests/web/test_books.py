"""Reports and dumps as anybody finds them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

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
