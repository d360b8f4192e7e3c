"""One parser in a process of its own, fed until its time is over; the parent sees to it.

The child has limits of its own for memory and time and a hook that ends it when anything is run,
opened for writing or connected. It writes the number of the case into shared memory before it
begins it, so that a case which kills the process is known as well.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzzing.targets import TARGETS, Target

_BAD = os.environ.get("ASSENT_FUZZ_BAD")  # what a parser does that is there to test this harness

ROOT = Path(__file__).resolve().parents[2]
HANG_SECONDS, START_SECONDS = 60, 240
_NOT_BEGUN = struct.pack("<q", -1)
_FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "pickle.find_class",
    "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request", "ctypes.dlopen",
    "exec", "marshal.loads", "os.remove", "os.rename", "shutil.rmtree", "webbrowser.open",
)  # fmt: skip
assert socket  # imported here so that no case has to
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Outcome:
    """What one target's time gave."""

    target: str
    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    megabytes: float = 0.0
    findings: list[tuple[int, str]] = field(default_factory=list)


class Forbidden(BaseException):
    """A parser did something that looking at a file never needs."""


class TooSlow(BaseException):
    """A case took longer than it may."""


def target_of(name: str) -> Target:
    """The target of this name; `bad` misbehaves at its input 100."""
    return TARGETS[name] if name != "bad" else _bad()


@cache
def _misbehaviour() -> Callable[[], None]:
    """The code in a function, made before the hook watches."""
    made: dict[str, Any] = {}
    exec(f"def run():\n    {_BAD}", made)
    run: Callable[[], None] = made["run"]
    return run


def _bad() -> Target:
    def make(dice: np.random.Generator) -> bytes:
        return dice.bytes(8)

    run, wrong = _misbehaviour(), make(np.random.default_rng([1, 100]))

    def look(content: bytes) -> None:
        if content == wrong:
            run()

    return Target(make, look, seconds=3, megabytes=100)


def case(name: str, seed: int, turn: int) -> bytes:
    """The input of a turn; the same for ever, as long as the target's seeds stay."""
    return target_of(name).make(np.random.default_rng([seed, turn]))


def attempt(target: Target, content: bytes) -> str | None:
    """Look at one input; what was wrong, or None. Every exception but a bound is a finding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            target.look(content)
    except (Forbidden, TooSlow, MemoryError) as found:
        return f"{type(found).__name__}: {found}"
    except Exception as found:
        return f"{type(found).__name__}: {str(found)[:200]}"
    return None


# The child ----------------------------------------------------------------------------------------

_watching = False


def _watch(event: str, details: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event in _FORBIDDEN:
        raise Forbidden(event)
    if event == "open" and isinstance(details[2], int) and details[2] & _WRITES:
        raise Forbidden(f"open {details[0]!r} for writing")


def _late(_signal: int, _frame: object) -> None:
    raise TooSlow


def child(name: str, seed: int, first: int, seconds: float, place: str) -> None:
    """Feed a target; writes one line of JSON for every finding and one at the end."""
    global _watching
    target = target_of(name)
    for turn in range(40):  # what is imported or built once is not the case's doing
        attempt(target, case(name, seed + 1, turn))
    sys.addaudithook(_watch)
    signal.signal(signal.SIGPROF, _late)
    base = _peak()
    most = (base + target.megabytes) << 20
    resource.setrlimit(resource.RLIMIT_AS, (_mapped() + most, resource.RLIM_INFINITY))
    with Path(place).open("r+b") as shared:
        board = mmap.mmap(shared.fileno(), 8)
    out, turn, begun = Outcome(name), first, time.process_time()
    while time.process_time() - begun < seconds:
        struct.pack_into("<q", board, 0, turn)
        content, before = case(name, seed, turn), time.process_time()
        signal.setitimer(signal.ITIMER_PROF, target.seconds)
        _watching = True
        found = attempt(target, content)
        _watching = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        out.slowest = max(out.slowest, time.process_time() - before)
        if found is None and _peak() - base > target.megabytes:
            found, base = f"memory grew by {_peak() - base} MB", _peak()
        if found is not None:
            sys.stdout.write(json.dumps({"turn": turn, "what": found}) + "\n")
            sys.stdout.flush()
        turn += 1
    spent = time.process_time() - begun
    done = {"cases": turn - first, "seconds": spent, "slowest": out.slowest, "mb": _peak() - base}
    sys.stdout.write(json.dumps(done) + "\n")


def _peak() -> int:
    """The most memory that this process ever held, in MB: of its own, where `ru_maxrss` begins
    with the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def _mapped() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


# The parent ---------------------------------------------------------------------------------------


def fuzz(name: str, seconds: float, seed: int = 1) -> Outcome:
    """Give a target so many seconds of a processor. A child that dies is a finding, and the next
    one goes on behind the case that killed it."""
    out, first = Outcome(name), 0
    while seconds - out.seconds > 1 and len(out.findings) < 50:
        with tempfile.NamedTemporaryFile() as board:
            board.write(_NOT_BEGUN)
            board.flush()
            left = seconds - out.seconds
            command = [sys.executable, "-m", "tests.fuzzing", "--child", name, "--seed", str(seed)]
            command += ["--first", str(first), "--seconds", str(left), "--board", board.name]
            started = time.monotonic()
            died = _run(command, board.name, out)
            if not died:
                break
            turn = struct.unpack("<q", Path(board.name).read_bytes())[0]
            out.findings.append((turn, died))
            out.cases += max(0, turn - first)
            out.seconds += time.monotonic() - started
            first = turn + 1
            if turn < 0:  # it never began: no further child would
                break
    return out


def _run(command: list[str], board: str, out: Outcome) -> str:
    """Run a child to its end and take down what it says; why it died, or nothing."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, stdout=said, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        ) as process,
    ):
        hung = _wait(process, board)
        errors = process.stderr.read()[-400:] if process.stderr else ""
        said.seek(0)
        finished = False
        for line in said:
            record = json.loads(line)
            if "turn" in record:
                out.findings.append((record["turn"], record["what"]))
                continue
            finished = True
            out.cases += record["cases"]
            out.seconds += record["seconds"]
            out.slowest = max(out.slowest, record["slowest"])
            out.megabytes = max(out.megabytes, record["mb"])
    if hung:
        return f"hung for {HANG_SECONDS} s"
    return "" if finished else f"died with {process.returncode}: {errors}"


def _wait(process: subprocess.Popen[str], board: str) -> bool:
    """Wait for the end; kill what has stood at one case for too long."""
    last, since = b"", time.monotonic()
    while process.poll() is None:
        time.sleep(0.2)
        now = Path(board).read_bytes()
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > (START_SECONDS if now == _NOT_BEGUN else HANG_SECONDS):
            process.kill()
            return True
    return False
