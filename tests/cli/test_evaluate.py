"""`assent evaluate` from the outside: shares with intervals, errors that name the line, a plot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assent.core.screening.evaluation import Judged, Labelled, Share, measure, risk_coverage
from assent.core.screening.submission import Submission
from assent.core.terms import Outcome


def labelled(key: str, action: str, title: str) -> dict[str, Any]:
    return {"id": key, "title": title, "labels": {"action": action, "subject_kind": "none"}}


RECORDS = [
    labelled("1", "block", "Tom Hanks"),
    labelled("2", "allow", "brass diving helmet"),
    labelled("3", "block", "blue lamp"),  # a leak, on purpose
]


def assent(*args: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "assent.cli.main", "evaluate", *args],
        capture_output=True, check=False, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in RECORDS), encoding="utf-8")
    return path


def test_json_has_every_measure_with_its_interval(file: Path) -> None:
    code, out, _ = assent(str(file), "--json")
    found = json.loads(out)
    assert (code, found["records"]) == (0, 3)
    leak = found["measures"]["leak"]
    assert (leak["count"], leak["base"]) == (1, 2)
    assert leak["low"] < 0.5 < leak["high"]
    assert set(found["by"]) == {"evasion", "lang", "subject_kind"}


def test_a_person_gets_a_table_and_can_see_what_went_wrong(file: Path) -> None:
    code, out, _ = assent(str(file), "--wrong", "-")
    assert code == 0
    assert "50.0 [9.5, 90.5] 1/2" in out
    assert '"id": "3"' in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: the line is not JSON"),
        ('{"id":"1","title":"x"}', '"labels" must be'),
        ('{"id":"1","title":"x","labels":{"action":"burn"}}', '"labels.action" must be'),
        ("", "has no records"),
    ],
)
def test_a_fault_names_the_line_and_the_field(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    code, _, err = assent(str(path))
    assert code == 2
    assert said in err


def test_the_curve_is_drawn(file: Path, tmp_path: Path) -> None:
    plot = tmp_path / "curve.svg"
    code, _, err = assent(str(file), "--plot", str(plot))
    assert (code, err) == (0, "")
    assert plot.read_text(encoding="utf-8").lstrip().startswith("<svg")
    assert assent(str(file), "--plot", "curve.pdf")[0] == 2


def test_wilson_is_what_the_textbook_says() -> None:
    low, high = Share(1, 10).interval  # Newcombe 1998 gives 0.0179 to 0.4042
    assert (round(low, 4), round(high, 4)) == (0.0179, 0.4042)
    assert Share(0, 0).interval == (0.0, 1.0)


def judged(wanted: Outcome, got: Outcome, stop: float) -> Judged:
    return Judged(
        Labelled(Submission("x", "bounty", None, "", ""), wanted, "none", "none"), got, stop
    )


def test_measures_and_curve_on_records_that_can_be_counted_by_hand() -> None:
    records = [
        judged(Outcome.REFUSE, Outcome.REFUSE, 0.9),
        judged(Outcome.REVIEW, Outcome.ALLOW, 0.3),
        judged(Outcome.ALLOW, Outcome.REVIEW, 0.6),
        judged(Outcome.ALLOW, Outcome.ALLOW, 0.0),
    ]
    found = measure(records)
    assert (found["leak"], found["benign_held"]) == (Share(1, 2), Share(1, 2))
    assert (found["benign_refused"], found["review_load"]) == (Share(0, 2), Share(1, 4))
    assert [(p.coverage, p.risk) for p in risk_coverage(records)] == [
        (0.25, 0.0), (0.5, 0.0), (0.75, 0.3333), (1.0, 0.5),
    ]  # fmt: skip
