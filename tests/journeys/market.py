"""A real marketplace in a process of its own, as `assent up` starts it, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS_MAX = 90


@dataclass(frozen=True, slots=True)
class Market:
    """Where a running marketplace answers, and where it keeps its data."""

    url: str
    data: Path

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an `assent` command on this marketplace."""
        return subprocess.run(
            [sys.executable, "-m", "assent.cli.main", *words, "--data", str(self.data)],
            capture_output=True,
            text=True,
            env=clean_environment(),
            timeout=120,
            check=False,
        )


def clean_environment() -> dict[str, str]:
    """Return the environment without what the tests set for themselves."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSENT_", "DJANGO_"))}
    return {**kept, "ASSENT_PAYOUT_COOLING_OFF_SECONDS": "2"}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_market(data: Path, *options: str) -> Iterator[Market]:
    """Start a marketplace and stop it at the end."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "assent.cli.main", "up", "--data", str(data), "--port", str(port),
         *options],
        env=clean_environment(),
        start_new_session=True,
    )  # fmt: skip
    market = Market(f"http://127.0.0.1:{port}", data)
    try:
        _wait(process, market.url)
        yield market
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        assert process.poll() is None, "the marketplace ended by itself"
        try:
            with urllib.request.urlopen(f"{url}/takedown", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the marketplace did not start in time")
