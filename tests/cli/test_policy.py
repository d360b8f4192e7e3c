"""`assent policy`: versions and their differences, for people and for scripts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assent.cli.main import run
from assent.core.screening.policies import default_policy, parse_policy
from assent.core.screening.policy_diff import diff
from assent.core.screening.tables import data_names, data_text
from assent.core.terms import Outcome

NEWEST = data_names("policies")[-1]


def draft(*changes: tuple[str, str]) -> str:
    """The newest version as a draft, with these changes."""
    text = data_text("policies", NEWEST)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_versions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "list", "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["id"], last["in_force"]) == (default_policy().id, True)


def test_a_version_does_not_differ_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "diff", default_policy().id, default_policy().id]) == 0
    assert "decide alike" in capsys.readouterr().out


def test_a_draft_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "draft.toml"
    path.write_text(draft(("possible = 0.15", "possible = 0.2")))
    assert run(["policy", "diff", default_policy().id, str(path)]) == 1
    assert "changed threshold possible\n  - 0.15\n  + 0.2" in capsys.readouterr().out


def test_each_kind_of_change_is_told() -> None:
    old = parse_policy(draft())
    rules = (old.rules[1], old.rules[0], *old.rules[3:])
    new = replace(old, rules=(replace(rules[0], outcome=Outcome.REVIEW), *rules[1:]))
    found = {(c.how, c.what) for c in diff(old, new)}
    assert found == {
        ("changed", f"rule {old.rules[1].id}"),
        ("removed", f"rule {old.rules[2].id}"),
        ("moved", "order of the rules"),
    }
    assert ("added", f"rule {old.rules[2].id}") in {(c.how, c.what) for c in diff(new, old)}


def test_what_is_no_version_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "diff", "1999", default_policy().id]) == 2
    assert "no policy version 1999" in capsys.readouterr().err
    assert run(["policy", "diff", str(tmp_path / "none.toml"), default_policy().id]) == 2
    broken = tmp_path / "broken.toml"
    broken.write_text("id = 3")
    assert run(["policy", "diff", str(broken), default_policy().id]) == 2
    assert "broken.toml" in capsys.readouterr().err
