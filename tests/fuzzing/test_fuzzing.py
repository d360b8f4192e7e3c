"""Every parser of files, fed with damage: what was found once, a little, and half an hour."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.fuzzing import run
from tests.fuzzing.__main__ import FOUND, lines
from tests.fuzzing.run import attempt, case, fuzz
from tests.fuzzing.targets import TARGETS

MINUTES = float(os.environ.get("ASSENT_FUZZ_MINUTES", "30"))  # of a processor, for all together


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.bin")), ids=lambda path: path.stem)
def test_what_was_found_once_is_answered(path: Path) -> None:
    target = TARGETS[path.stem.rpartition("-")[0]]
    assert attempt(target, path.read_bytes()) is None


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_little_of_every_parser(name: str) -> None:
    for turn in range(60):
        assert attempt(TARGETS[name], case(name, 3, turn)) is None, turn


def test_the_same_turn_is_the_same_input() -> None:
    for name in TARGETS:
        assert case(name, 3, 5) == case(name, 3, 5)


BAD = {
    "crash": ("raise RuntimeError('x')", "RuntimeError: x"),
    "slow": ("import re; re.match('(a+)+b', 'a' * 60)", "TooSlow"),
    "stuck where no signal reaches": ("sum(range(10**12))", "hung"),
    "memory": ("x = bytearray(1 << 34)", "MemoryError"),
    "memory by and by": ("x = [bytearray(1 << 20) for _ in range(2000)]", "MemoryError"),
    "some memory": ("x = [bytearray(b'x' * (1 << 20)) for _ in range(150)]", "memory grew"),
    "writing": ("open('/dev/null', 'w')", "for writing"),
    "running": ("import os; os.system('true')", "Forbidden: os.system"),
    "unpickling": (
        "import pickle, os; pickle.loads(pickle.dumps(os.getcwd))",
        "Forbidden: pickle.find_class",
    ),
    "connecting": (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "Forbidden",
    ),
    "dying": ("import os; os._exit(3)", "died with 3"),
}


QUICK = ("crash", "memory", "running", "dying")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param(*what, id=name, marks=() if name in QUICK else pytest.mark.prove)
        for name, what in BAD.items()
    ],
)
def test_the_harness_sees_whatever_a_parser_must_not_do(
    code: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a parser that misbehaves at its input 100."""
    monkeypatch.setenv("ASSENT_FUZZ_BAD", code)
    monkeypatch.setattr(run, "HANG_SECONDS", 20)
    found = fuzz("bad", 2.0)
    assert found.findings
    turn, what = found.findings[0]
    assert turn == 100
    assert said in what


def test_the_harness_is_content_with_a_parser_that_behaves() -> None:
    found = fuzz("tensor-name", 1.5)
    assert found.findings == []
    assert found.cases > 20


@pytest.mark.prove
def test_half_an_hour_of_every_parser() -> None:
    """The report is printed, and whatever is found is kept as a case."""
    each = MINUTES * 60 / len(TARGETS)
    outcomes = [fuzz(name, each) for name in TARGETS]
    report = "\n".join(lines(iter(outcomes), 1))
    sys.stdout.write(report + "\n")
    assert not [one for one in outcomes if one.findings], report
    assert sum(one.seconds for one in outcomes) >= 0.95 * MINUTES * 60
