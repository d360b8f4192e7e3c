"""`assent audit check`, `assent audit gone` and --at-most."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assent.cli.main import run
from tests.audit.sources_made import STUDY, VALIDATED, csv, jsonl


def test_a_sound_export(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "check", str(VALIDATED)]) == 0
    said = capsys.readouterr().out
    assert "346 records, 0 left out" in said
    assert "from 'Final Professon Label'" in said


def test_an_export_with_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = csv(tmp_path / "a.csv", "id,buzz,odd\n1,5,a\n2,five,b\n3\n")
    assert run(["audit", "check", str(source)]) == 1
    said = capsys.readouterr().out
    assert "Kept, but not understood: 'odd'" in said
    assert "record 3 of a.csv: the row has 1 cells and not 3" in said
    assert run(["audit", "check", "--json", str(source)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["left_out"]) == (2, 1)
    assert found["columns"]["reward"] == {"name": "buzz", "filled": 1}


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ("gender.female=0.95", 0),
        ("gender.female=0.5", 1),
        ("gini.all=0.1", 1),
        ("x", 2),
        ("x=y", 2),
    ],
)
def test_a_bound_that_is_passed_is_exit_1(
    bound: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    out = str(tmp_path / "out")
    assert run(["audit", str(STUDY), "--out", out, "--at-most", bound]) == code


class Market(BaseHTTPRequestHandler):
    """Items whose id begins with g are gone; the others are still there on one page."""

    def do_GET(self) -> None:
        own = self.path.rpartition("/")[2]
        right = self.path.startswith("/listings/") or self.path.startswith("/api/v1/items/")
        status = 404 if not right else 410 if own.startswith("g") else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Market)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_was_removed_must_be_gone(
    base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def dump(name: str, ids: str) -> str:
        return str(jsonl(tmp_path / name, ({"id": own} for own in ids.split())))

    old, new = dump("old.jsonl", "g1 g2 g3 a b"), dump("new.jsonl", "a b")
    assert run(["audit", "gone", old, new, "--at", base]) == 0
    assert "0 still answer" in capsys.readouterr().out
    assert run(["audit", "gone", "--json", old, dump("less.jsonl", "a"), "--at", base]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["removed"], found["count"], found["base"]) == (4, 1, 4)
    assert run(["audit", "gone", new, old, "--at", base]) == 2
    assert run(["audit", "gone", old, new, "--at", "ftp://x"]) == 2
    assert run(["audit", "gone", old, new, "--at", "http://127.0.0.1:9"]) == 3
