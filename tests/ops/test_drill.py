"""The drill of the takedown path: it holds, and it can tell when something does not."""

from __future__ import annotations

import json

import pytest
import urllib3
from click.testing import CliRunner

from assent.cli.drill import drill
from assent.ops import drill as drilling
from assent.ops.drill import Drill, Watch


@pytest.mark.server
def test_req_td_24_the_path_holds_while_the_rest_is_down() -> None:
    done = CliRunner().invoke(drill, ["takedown", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["passed"]
    assert len(found["steps"]) == 7


def test_one_step_that_does_not_hold_fails_it() -> None:
    assert not Drill().passed, "nothing done is nothing proved"
    found = Drill([("a", 1.0, True)])
    assert found.passed
    found.note("b", 0.0, held=False, say=lambda line: None)
    assert not found.passed


def test_an_item_that_is_served_once_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([410, 200, 410, 410])
    monkeypatch.setattr(drilling, "_status", lambda pool, url: next(answers))
    watch = Watch(["/a", "/b"])
    for _ in range(2):
        watch.look(urllib3.PoolManager(), "")
    assert watch.served


def test_what_goes_wrong_is_the_commands_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Drill([("nothing named is served", 1.0, False)])
    monkeypatch.setattr(drilling, "drill_takedown", lambda folder, say: lost)
    done = CliRunner().invoke(drill, ["takedown"])
    assert done.exit_code == 1
    assert "DID NOT HOLD" in done.output
