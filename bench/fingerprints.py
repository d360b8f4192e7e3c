"""Fingerprints against a SHA-256 of the same file, and look-ups among a million.

Processor seconds of this process, medians of interleaved runs; the file is in the page cache.
"""

from __future__ import annotations

import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from assent.core.files.inspect import examine
from assent.core.files.safetensors_header import Header, read_header
from assent.core.fingerprints import index
from assent.core.fingerprints.index import Pigeonhole, Scan
from assent.core.fingerprints.look import look_at
from assent.core.fingerprints.weights import print_weights

MILLION = 1_000_000
ROUNDS = 7


def run() -> str:
    """Measure and return the table."""
    return "\n".join([*of_a_file(), "", *of_a_million()])


def of_a_file() -> list[str]:
    """What a 150 MB file costs, as multiples of its SHA-256."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        tool = Path(__file__).resolve().parent.parent / "tools" / "make_lora.py"
        subprocess.run([sys.executable, tool, path, "--mb", "150"], check=True, capture_output=True)
        size = path.stat().st_size
        with path.open("rb") as fileobj:
            header = read_header(fileobj, size)
            assert isinstance(header, Header)
            ways: dict[str, Callable[[], object]] = {
                "SHA-256": lambda: _sha256(path),
                "weight fingerprint": lambda: print_weights(fileobj, header, b"key"),
                "hashes and notes": lambda: examine(fileobj, path.name, size),
                "everything": lambda: look_at(fileobj, path.name, size, b"key"),
            }
            spent = _interleaved(ways)
            memory = _memory(path)
    base = spent["SHA-256"]
    lines = [
        f"{size:,} bytes, SDXL shapes, half precision; private memory {memory:.0f} MB above that"
        " of a small file",
        f"{'':22}{'ms':>8}{'ratio':>8}",
    ]
    return lines + [f"{n:22}{s * 1000:8.0f}{s / base:8.2f}" for n, s in spent.items()]


_MEASURE = """
import sys, threading
from pathlib import Path
from assent.core.fingerprints.look import look_at
def private():
    return int(Path("/proc/self/status").read_text().partition("RssAnon:")[2].split()[0])
path = Path(sys.argv[1])
with open(sys.argv[2], "rb") as fileobj:
    look_at(fileobj, "small", Path(sys.argv[2]).stat().st_size, b"key")
base, most, over = private(), 0, threading.Event()
def watch():
    global most
    while not over.wait(0.001):
        most = max(most, private())
thread = threading.Thread(target=watch)
thread.start()
with path.open("rb") as fileobj:
    look_at(fileobj, "large", path.stat().st_size, b"key")
over.set()
thread.join()
sys.stdout.write(str((most - base) / 1024))
"""


def _memory(path: Path) -> float:
    """What a look at the whole file adds to a process that has looked at a small one, in MB, pages
    of the mapped file left out; looked at every millisecond, in a process of its own."""
    tool = Path(__file__).resolve().parent.parent / "tools" / "make_lora.py"
    small = path.with_name("small.safetensors")
    subprocess.run([sys.executable, tool, small, "--mb", "0.2"], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, path, small], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _sha256(path: Path) -> bytes:
    with path.open("rb") as fileobj:
        return hashlib.file_digest(fileobj, "sha256").digest()


def _interleaved(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name, work in ways.items():
            started = time.process_time()
            work()
            if turn:  # the first warms up
                spent[name].append(time.process_time() - started)
    return {name: statistics.median(times) for name, times in spent.items()}


def _by_numpy(models: Scan, wanted: bytes) -> None:
    kept, index._WORTH_IT = index._WORTH_IT, sys.maxsize
    models.shortlist(wanted, 100)
    index._WORTH_IT = kept


def of_a_million() -> list[str]:
    """Look-ups among a million random fingerprints, against comparing with every one."""
    dice = np.random.default_rng(1)
    pictures, models = Pigeonhole(32), Scan(256)
    plain = Scan(32)
    bits = dice.integers(0, 256, (MILLION, 32), dtype=np.uint8)
    pictures.add_many(range(MILLION), bits)
    plain.add_many(range(MILLION), bits)
    asked = bits[5].tobytes()
    wide = dice.integers(0, 256, (MILLION, 256), dtype=np.uint8)
    models.add_many(range(MILLION), wide)
    wanted = wide[7].tobytes()
    del wide
    fresh = iter(range(MILLION, 2 * MILLION))
    ways: dict[str, Callable[[], object]] = {
        "pictures one by one": lambda: plain.near(asked, 31),
        "pictures, within 31": lambda: pictures.near(asked, 31),
        "insert a picture": lambda: pictures.add(next(fresh), dice.bytes(32)),
        "models, nearest 100": lambda: _by_numpy(models, wanted),
    }
    if find_spec("faiss"):
        ways["the same, with faiss"] = lambda: models.shortlist(wanted, 100)
    spent = _interleaved(ways)
    base = spent["pictures one by one"]
    lines = [f"among {MILLION:,}", f"{'':22}{'ms':>8}{'ratio':>8}"]
    return lines + [f"{n:22}{s * 1000:8.2f}{s / base:8.2f}" for n, s in spent.items()]
