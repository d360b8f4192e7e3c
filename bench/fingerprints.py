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
from pathlib import Path

import numpy as np

from assent.core.files.inspect import examine
from assent.core.files.safetensors_header import Header, read_header
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
    base = spent["SHA-256"]
    lines = [f"{size:,} bytes, SDXL shapes, half precision", f"{'':22}{'ms':>8}{'ratio':>8}"]
    return lines + [f"{n:22}{s * 1000:8.0f}{s / base:8.2f}" for n, s in spent.items()]


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
        "models, nearest 100": lambda: models.shortlist(wanted, 100),
    }
    spent = _interleaved(ways)
    base = spent["pictures one by one"]
    lines = [f"among {MILLION:,}", f"{'':22}{'ms':>8}{'ratio':>8}"]
    return lines + [f"{n:22}{s * 1000:8.2f}{s / base:8.2f}" for n, s in spent.items()]
