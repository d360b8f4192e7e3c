"""Labels from programs, and two sources compared."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assent.audit.adjudicate import Cached, Opinion, Screening, Words
from assent.audit.run import compared
from assent.audit.terms import DamageError
from assent.cli.adjudicator import Program
from assent.cli.main import run
from assent.core.screening.policies import default_policy
from tests.audit.invented import market
from tests.audit.sources_made import audited, jsonl

RECORDS = [
    {"id": 1, "title": "LoRA of Tom Hanks", "description": "photo likeness", "poi": "no"},
    {"id": 2, "title": "brass helmet", "description": "product shots", "poi": "no"},
    {"id": 3, "title": "brass helmet", "description": "product shots", "poi": "no"},
]


class Counting:
    """An adjudicator that counts what it is asked."""

    name = "counting 1"

    def __init__(self) -> None:
        self.asked = 0

    def judge(self, records: Sequence[Words]) -> list[Opinion]:
        self.asked += len(records)
        return [Opinion("Tom" in (record["title"] or "")) for record in records]


def words(record: dict[str, object]) -> Words:
    return {name: str(record[name]) for name in ("title", "description")}


def test_screening_finds_a_real_person() -> None:
    judge = Screening(default_policy(), date(2026, 1, 1))
    told = judge.judge([words(record) for record in RECORDS])
    assert [one.deepfake for one in told] == [True, False, False]
    assert told[0].theme == "human_deepfake"


def test_opinions_are_remembered_and_equal_records_asked_once(tmp_path: Path) -> None:
    inner = Counting()
    given = [words(record) for record in RECORDS]
    first = Cached(inner, tmp_path / "cache").judge(given)
    assert inner.asked == 2
    assert Cached(inner, tmp_path / "cache").judge(given) == first
    assert inner.asked == 2
    other = Counting()
    other.name = "counting 2"
    Cached(other, tmp_path / "cache").judge(given)
    assert other.asked == 2
    assert b"Tom" not in (tmp_path / "cache").read_bytes()


def test_an_audit_takes_its_labels_from_an_adjudicator(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", ({**r, "base_model": "SDXL"} for r in RECORDS))
    found = audited(source, adjudicator=Counting()).as_record()
    assert (found["measures"]["models.likeness"]["count"], found["rows"]) == (1, 3)
    assert "candidates" in found["missing"]


GOOD = 'import sys, json\nfor line in sys.stdin: print(json.dumps({"deepfake": "Tom" in line}))'


def program(tmp_path: Path, text: str) -> Program:
    (tmp_path / "judge.py").write_text(text)
    return Program(f"{sys.executable} {tmp_path / 'judge.py'}")


def test_a_program_may_judge(tmp_path: Path) -> None:
    told = program(tmp_path, GOOD).judge([words(record) for record in RECORDS])
    assert [one.deepfake for one in told] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import sys; sys.exit(4)", "exit code 4"),
        ("print('{}')", "1 answers to 3"),
        (GOOD.replace("json.dumps(", "str("), "not JSON"),
        (GOOD.replace('"Tom" in line', "3"), 'has no "deepfake"'),
        (GOOD.replace('"Tom" in line', 'None, "theme": "x"'), "unknown theme"),
    ],
)
def test_a_program_that_misbehaves_is_an_outside_failure(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(DamageError, match=why):
        program(tmp_path, text).judge([words(record) for record in RECORDS])


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(DamageError, match="did not run"):
        Program("/no/such/program").judge([words(RECORDS[0])])


def test_two_marketplaces_are_compared(tmp_path: Path) -> None:
    market(900, 1).write_csv(tmp_path / "a.csv")
    market(900, 2).write_csv(tmp_path / "b.csv")
    both = compared(audited(tmp_path / "a.csv"), audited(tmp_path / "b.csv"))
    found = both.as_record()
    gap = found["measures"]["versus.gender.female"]
    ours, theirs = both.chapters["targets"], both.second
    assert ours.measures
    assert theirs is not None
    assert gap["low"] < gap["value"] < gap["high"]
    assert gap["low"] < 0 < gap["high"]
    assert list(found["files"]["second"]) == ["b.csv"]
    assert "versus.candidates" not in found["measures"]


def test_two_periods_have_no_record_in_common(tmp_path: Path) -> None:
    market(900, 1).write_csv(tmp_path / "a.csv")
    day = datetime(2024, 3, 1, tzinfo=UTC)
    after, before = audited(tmp_path / "a.csv", since=day), audited(tmp_path / "a.csv", until=day)
    whole = audited(tmp_path / "a.csv").gathered.log.rows
    assert after.gathered.log.rows + before.gathered.log.rows == whole
    assert after.gathered.log.rows > 100


def test_options_that_contradict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    source = str(jsonl(tmp_path / "a.jsonl", RECORDS))
    out = ["--out", str(tmp_path / "out")]
    split = ["--split", "2025-01-01", "--against", source]
    assert run(["audit", source, *out, *split]) == 2
    assert run(["audit", source, *out, "--screen", "--adjudicator", "cat"]) == 2
