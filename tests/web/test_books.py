"""Reports and dumps as anybody finds them."""

from __future__ import annotations

from datetime import UTC, datetime

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
