"""The policy officer's day, and what everybody sees of it."""

from __future__ import annotations

import pytest

from assent.core.terms import ItemState, Outcome
from assent.flows.run_sweep import run_sweep
from assent.flows.undo_sweep import undo_sweep
from assent.sweeps.queries import sweeps
from tests.cast import Visitor
from tests.flows.market import posted, state
from tests.flows.test_sweeps import OTTO, from_now_on


def test_an_operator_counts_announces_pauses_and_undoes(
    otto: Visitor, stranger: Visitor, rita: Visitor
) -> None:
    bad = posted(rita.member, "A red fox")
    with from_now_on(Outcome.REFUSE, "red"):
        assert otto.post("/policies", {"action": "preview"}).status == 302
        run_sweep(sweeps()[0].id)
        page = otto.get("/policies")
        assert "1 of 1 items would change" in page.text
        assert "A red fox" in page.text
        assert otto.post("/policies", {"action": "announce"}).status == 422, "not without the tick"
        assert otto.post("/policies", {"action": "announce", "sure": "on"}).status == 302
        real = next(s for s in sweeps() if not s.dry_run).id
        for action in ("pause", "go_on"):
            assert otto.post("/policies", {"action": action, "sweep": real}).status == 302
        assert otto.post("/policies", {"action": "go_on", "sweep": real}).status == 409
        run_sweep(real)
    assert state(bad) is ItemState.HIDDEN
    seen = stranger.get("/sweeps").text
    for words in ("1 of 1 items", "In scope 1", "Removed 1", "Given back by undoing it 0"):
        assert words in seen
    assert "fox" not in seen
    undo = {"action": "undo", "sweep": real, "sure": "on"}
    assert otto.post("/policies", undo).status == 302
    undo_sweep(real, by=OTTO)
    assert state(bad) is ItemState.OPEN
    assert "Given back by undoing it 1" in stranger.get("/sweeps").text


def test_removals_are_made_final_on_the_page(otto: Visitor, rita: Visitor) -> None:
    posted(rita.member, "A red fox")
    for action in ("preview", "announce"):
        otto.post("/policies", {"action": action, "sure": "on"})
        run_sweep(sweeps()[0].id)
    settle = {"action": "settle", "sweep": sweeps()[0].id, "sure": "on"}
    assert otto.post("/policies", settle).status == 302
    assert otto.post("/policies", settle).status == 409
    assert "final since" in otto.get("/policies").text


@pytest.mark.parametrize("who", ["stranger", "rita", "mo", "ada"])
def test_nobody_else_runs_sweeps(who: str, request: pytest.FixtureRequest) -> None:
    visitor = request.getfixturevalue(who)
    for page in (visitor.get("/policies"), visitor.post("/policies", {"action": "preview"})):
        assert page.status in (302, 403)
    assert sweeps() == []
