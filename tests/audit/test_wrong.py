"""Wrong inputs: a clear sentence and the right exit code, and nothing silently dropped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assent.cli.main import run
from tests.audit.sources_made import csv

GOOD = "id,reward,created_at\n1,5,2025-01-01\n2,6,2025-01-02\n"


def audit(source: Path, out: Path, *more: str) -> tuple[int, str]:
    """Run the command as `assent` does, and return its exit code and what it said."""
    return run(["audit", str(source), "--out", str(out), *more]), ""


def record(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "measures.json").read_text())
    return found


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def bytes_of(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


MISTAKES = {
    "gone": (lambda p: p / "gone.csv", "no such file or folder"),
    "empty": (lambda p: nothing(p / "empty.csv"), "empty.csv is empty"),
    "header_only": (lambda p: csv(p / "a.csv", "id,title\n"), "it has no records"),
    "delimiter": (lambda p: csv(p / "a.csv", "id^reward\n1^5\n"), "the delimiter must be"),
    "utf16": (lambda p: bytes_of(p / "a.csv", GOOD.encode("utf-16")), "not UTF-8"),
    "binary": (lambda p: bytes_of(p / "a.csv", b"\x7fELF\x00\x01"), "not UTF-8"),
    "twice": (lambda p: csv(p / "a.csv", "id,id\n1,2\n"), "the same name: id"),
    "not_json": (lambda p: csv(p / "a.json", "[1, 2"), "is not JSON"),
    "no_list": (lambda p: csv(p / "a.json", '{"pages":\n 3}'), "no list of records"),
    "no_objects": (lambda p: csv(p / "a.jsonl", "1\n2\n"), "none can be read"),
    "parquet": (lambda p: bytes_of(p / "a.parquet", b"PAR1 nonsense"), "not a sound Parquet"),
    "folder": (lambda p: p, "no CSV, JSON, JSON Lines or Parquet file"),
}


@pytest.mark.parametrize("name", list(MISTAKES))
def test_a_mistake_is_one_sentence_and_exit_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, sentence = MISTAKES[name]
    (tmp_path / "in").mkdir()
    assert audit(make(tmp_path / "in"), tmp_path / "out")[0] == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_file_that_is_cut_off_is_exit_3(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import zstandard

    whole = "".join(f"{n},{n % 7},2025-01-01\n" for n in range(5000))
    text = f"id,reward,created_at\n{whole}".encode()
    packed = gzip.compress(text) if ending == "gz" else zstandard.ZstdCompressor().compress(text)
    source = bytes_of(tmp_path / f"a.csv.{ending}", packed[: len(packed) // 2])
    assert audit(source, tmp_path / "out")[0] == 3
    assert "cut off or damaged" in capsys.readouterr().err


def faults(tmp_path: Path, source: Path) -> tuple[int, dict[str, int]]:
    assert audit(source, tmp_path / "out")[0] == 0
    found = record(tmp_path / "out")
    return found["rows"], {one["why"]: one["count"] for one in found["faults"]["counts"]}


def test_broken_rows_are_counted_and_listed(tmp_path: Path) -> None:
    text = b"id,reward,created_at\n1,5,2025-01-01\n2,6\n3,7,2025-01-01,9\n"
    text += b"\xff,1,2025-01-01\n5,1,2025-01-01\n"
    rows, why = faults(tmp_path, bytes_of(tmp_path / "a.csv", text))
    assert rows == 2
    assert why == {
        "the row has 2 cells and not 3": 1, "the row has 4 cells and not 3": 1,
        "the row is not UTF-8": 1,
    }  # fmt: skip
    assert [one["row"] for one in record(tmp_path / "out")["faults"]["first"]] == [2, 3, 4]


def test_broken_lines_are_counted_and_listed(tmp_path: Path) -> None:
    lines = [b'{"id":1}', b'{"id":2', b"[3]", b'{"id":"\xe9"}', b"", b'{"id":1}', b'{"title":"x"}']
    rows, why = faults(tmp_path, bytes_of(tmp_path / "a.jsonl", b"\n".join(lines)))
    assert rows == 1
    assert why == {
        "the line is not JSON": 1, "the line is not a JSON object": 1, "the line is not UTF-8": 1,
        "the record has no id": 1, "the id was there before; the first record counts": 1,
    }  # fmt: skip


def test_values_that_cannot_be_read_leave_the_record_in(tmp_path: Path) -> None:
    text = "id,reward,created_at,poi,rating\n1,five,2025-01-01,perhaps,sfw\n"
    text += "2,5,3025-01-01,yes,blue\n3,5,soon,no,x\n"
    rows, why = faults(tmp_path, csv(tmp_path / "a.csv", text))
    assert rows == 3
    assert why == {
        '"reward" is not a number': 1, '"created_at" is in the future': 1,
        '"created_at" is not a time': 1, '"poi" is neither yes nor no': 1,
        '"rating" is not a known rating': 1,
    }  # fmt: skip
    assert record(tmp_path / "out")["faults"]["records_left_out"] == 0


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_line_of_64_megabytes_is_passed_over(ending: str, tmp_path: Path) -> None:
    long = b"x" * (64 << 20)
    if ending == "csv":
        text = b"id,title\n1,a\n2," + long + b"\n3,b\n"
    else:
        text = b'{"id":1}\n{"id":2,"title":"' + long + b'"}\n{"id":3}\n'
    rows, why = faults(tmp_path, bytes_of(tmp_path / f"a.{ending}", text))
    assert rows == 2
    assert [count for why, count in why.items() if "longer than 16 MB" in why] == [1]


def test_nothing_at_all_is_the_users_mistake() -> None:
    from assent.cli.audit import audit as command

    result: Result = CliRunner().invoke(command, [])
    assert result.exit_code == 2
