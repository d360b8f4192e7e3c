"""Killed at every point where it waits, for real: nothing is half done, nothing is done twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ops.apart import environment, run_module
from tests.ops.test_crowd import env  # noqa: F401 - a marketplace on either database

pytestmark = pytest.mark.server

# How many points there are at least: fewer would mean that they are not found any more.
ACTS = {
    "pledge": 20,
    "award": 40,
    "payout": 15,
    "refund by cancelling": 30,
    "refund at the deadline": 30,
    "upload": 20,
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_half_done_wherever_it_is_killed(act: str, tmp_path: Path) -> None:
    holds(act, environment(tmp_path))


@pytest.mark.prove
@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_half_done_on_either_database(act: str, env: dict[str, str]) -> None:  # noqa: F811
    holds(act, env)


def holds(act: str, where: dict[str, str]) -> None:
    found = json.loads(run_module("tests.ops.kill_points", act, env=where))
    assert found["wrong"] == []
    assert found["orphans"] == []
    assert len(found["points"]) >= ACTS[act]
    assert found["points"][-3:] == ["before COMMIT", "after COMMIT", "the end"]
