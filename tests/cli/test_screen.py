"""`assent screen` from the outside: lines in, lines out, exit codes, and a fast start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

GOOD = '{"id":"1","title":"brass helmet","description":"product shots"}'
BAD = '{"id":"2","title":"Tom Hanks"}'


def assent(
    *args: str, given: bytes | str = b"", more: Mapping[str, str] | None = None
) -> tuple[int, list[dict[str, Any]], str]:
    raw = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "assent.cli.main", *args],
        input=raw, capture_output=True, check=False, timeout=60, env={**os.environ, **(more or {})},
    )  # fmt: skip
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, records, done.stderr.decode()


def test_lines_come_back_in_order_and_a_refusal_is_exit_1(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(f"{BAD}\n{GOOD}\n", encoding="utf-8")
    code, records, _ = assent("screen", str(file))
    assert code == 1
    assert [(r["id"], r["verdict"]) for r in records] == [("2", "refuse"), ("1", "allow")]


def test_nothing_refused_is_exit_0() -> None:
    code, records, _ = assent("screen", given=GOOD)
    assert (code, len(records)) == (0, 1)


def test_a_bad_line_is_reported_and_the_run_goes_on() -> None:
    long = b'{"id":"3","title":"' + b"a" * 10_000_000 + b'"}'
    given = b"\n".join([b"{", GOOD.encode(), long, b'{"id":"4","title":"\\u0000"}', b"\xff", b"1"])
    code, records, _ = assent("screen", "-", given=given)
    assert code == 0
    assert [r.get("line", r["id"]) for r in records] == [1, "1", 3, 4, 5, 6]
    assert all(r["id"] is None and r["error"] for r in records if "line" in r)


def test_protected_names_and_another_policy_can_be_given(tmp_path: Path) -> None:
    names, policy = tmp_path / "names.txt", tmp_path / "policy.toml"
    names.write_text("Vera Lindqvist\n", encoding="utf-8")
    policy.write_text(
        'id = "own"\nstarts_at = 2026-01-01\n[thresholds]\npossible = 0.3\nlikely = 0.7\n'
        '[[rules]]\nid = "named"\nwhen = {}\nsignals = ["protected_name"]\noutcome = "refuse"\n'
        'code = "no"\n[[rules]]\nid = "rest"\nwhen = {}\noutcome = "allow"\ncode = "no"\n'
        '[sentences]\nno = "No."\n',
        encoding="utf-8",
    )
    given = '{"id":"1","title":"V e r a  L i n d q v i s t"}'
    code, records, _ = assent(
        "screen", "--policy", str(policy), "--protected", str(names), given=given
    )
    assert (code, records[0]["policy"], records[0]["verdict"]) == (1, "own", "refuse")


@pytest.mark.parametrize(
    "args",
    [
        ("screen", "/no/such/file"),
        ("screen", "--protected", "/no/such/file"),
        ("screen", "--policy", "/no/such/file"),
        ("screen", "--nonsense"),
        ("nonsense",),
    ],
)
def test_a_mistake_is_exit_2_and_one_clear_line(args: tuple[str, ...]) -> None:
    code, records, said = assent(*args)
    assert (code, records) == (2, [])
    assert said
    assert "Traceback" not in said


def test_an_unsound_policy_is_a_mistake(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[", encoding="utf-8")
    code, _, said = assent("screen", "--policy", str(policy))
    assert code == 2
    assert "not TOML" in said


def test_screening_needs_no_django() -> None:
    script = (
        "import sys; from assent.cli.main import run; code = run(['screen', '/dev/null']);"
        "sys.exit(code or int('django' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_help_opens_with_the_steps() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assent.cli.main", "--help"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert "assent screen listings.jsonl" in done.stdout


def test_the_adjudicator_of_the_environment_is_asked_and_its_absence_holds() -> None:
    given = '{"id":"1","title":"","description":"a singer on stage, warm light"}'
    nobody_there = {"ASSENT_ADJUDICATOR_URL": "http://127.0.0.1:9/v1"}
    code, _, error = assent("screen", given=given, more=nobody_there)
    assert code == 2
    assert "ASSENT_ADJUDICATOR_MODEL" in error
    code, records, _ = assent(
        "screen", given=given, more=nobody_there | {"ASSENT_ADJUDICATOR_MODEL": "m"}
    )
    assert (code, records[0]["verdict"]) == (0, "review")
