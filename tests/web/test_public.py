"""What anyone may check: the numbers, and consent records."""

from __future__ import annotations

import json

from assent.core.access import Actor
from assent.core.screening.policies import default_policy
from assent.flows.decide_case import remove_in_case
from assent.flows.publish_root import publish_root
from assent.flows.run_sweep import run_sweep
from assent.flows.start_sweep import start_sweep
from assent.journal.queries import head, published_roots
from tests.cast import Visitor
from tests.flows.market import in_days, notice, posted


def test_the_numbers_are_those_of_the_database(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    assert "No sweep has run yet." in stranger.get("/transparency").text
    decided = notice(posted(rita.member))
    notice(posted(rita.member), posted(rita.member))
    remove_in_case(mo.member, decided.number)
    for dry_run in (True, False):
        run_sweep(start_sweep(default_policy().id, dry_run=dry_run, by=Actor("operator")))
    page = stranger.get("/transparency")
    for words in ("Received 2", "Items hidden 3", "Items removed for good 1", "Decided 1",
                  "Decided in time 1", "Open 1", "Open and late 0"):  # fmt: skip
        assert words in page.text
    assert default_policy().id in page.text
    assert head()[1] in page.text


def test_a_late_case_is_counted_as_late(stranger: Visitor, rita: Visitor) -> None:
    notice(posted(rita.member))
    with in_days(3):
        assert "Open and late 1" in stranger.get("/transparency").text


def test_every_days_root_is_on_a_page_and_as_json(stranger: Visitor, rita: Visitor) -> None:
    assert "No root was published yet." in stranger.get("/transparency/roots").text
    posted(rita.member)
    publish_root()
    ((day, one),) = published_roots()
    assert one.root in stranger.get("/transparency/roots").text
    assert one.at is not None
    found = json.loads(stranger.get("/transparency/roots.json").raw)
    assert found == {
        "roots": [
            {
                "day": str(day),
                "at": one.at.isoformat(),
                "rows": one.rows,
                "root": one.root,
                "extends": [],
            }
        ]
    }
