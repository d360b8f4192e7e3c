"""The marketplace's pages and transfers, on SQLite and on PostgreSQL.

Pages are held against a bare page of the same framework (one function that answers with a few
words, no middleware), transfers against two bare inserts in one transaction, each in the same run.
The last line is a real server under 50 requests a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

RATE_PER_SECOND, SECONDS = 50, 20
CHILD = [sys.executable, "-m", "bench._market_child"]


def run() -> str:
    """Measure on both databases and return the table."""
    lines = [f"{'':<34}{'ms':>9}{'baseline':>10}{'ratio':>8}"]
    for name in ("sqlite", "postgres"):
        with marketplace(name) as env:
            lines += [f"{name}", *_rows(json.loads(_child(env))), _under_load(env)]
    return "\n".join(lines)


def _child(env: dict[str, str]) -> str:
    done = subprocess.run(CHILD, env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@contextlib.contextmanager
def marketplace(name: str) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as data:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSENT_", "DJANGO_"))}
        env = kept | {"ASSENT_DATA": data, "DJANGO_SETTINGS_MODULE": "assent.config.settings"}
        if name == "sqlite":
            yield env
            return
        from tests import postgres

        server = postgres.start()
        with psycopg.connect(host=str(server.folder), user="postgres", autocommit=True) as session:
            session.execute("CREATE DATABASE assent")
        try:
            yield env | {"ASSENT_DATABASE_URL": server.url}
        finally:
            server.stop()


def _rows(found: dict[str, list[float]]) -> list[str]:
    return [
        f"  {what:<32}{took:>9.2f}{base:>10.3f}{took / base:>8.1f}"
        for what, (took, base) in found.items()
    ]


def _under_load(env: dict[str, str]) -> str:
    """Ask a real server for its pages at a steady rate, and say how long answers took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assent.cli.main", "up", "--port", str(port),
               "--data", env["ASSENT_DATA"]]  # fmt: skip
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        paths = _paths(env)
        _wait(port)
        took = _ask(port, paths)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    failed = sum(t is None for t in took)
    good = sorted(t for t in took if t is not None)
    p50, p99 = (good[int(len(good) * share)] * 1000 for share in (0.5, 0.99))
    return (
        f"  {RATE_PER_SECOND} requests a second for {SECONDS} s: "
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, {failed} of {len(took)} failed"
    )


def _paths(env: dict[str, str]) -> list[str]:
    bounty = (Path(env["ASSENT_DATA"]) / "bench-bounty").read_text()
    return ["/", "/bounties", f"/bounties/{bounty}"]


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/takedown", timeout=2)
            return
        time.sleep(0.2)


def _ask(port: int, paths: list[str]) -> list[float | None]:
    took: list[float | None] = []

    def one(path: str) -> None:
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                answer.read()
            took.append(time.perf_counter() - began)
        except OSError:
            took.append(None)

    threads = []
    start = time.perf_counter()
    for n in range(RATE_PER_SECOND * SECONDS):
        time.sleep(max(0.0, start + n / RATE_PER_SECOND - time.perf_counter()))
        thread = threading.Thread(target=one, args=(paths[n % len(paths)],))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return took
