"""Runs the web process and a worker side by side, and stops both together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from django.conf import settings

START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 10


def _web(host: str, port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", "8", "--backpressure", "64", "--log-level", "error",
        "--no-ws", "assent.config.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own words


def _worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "assent.cli.main", "work", "--data", str(settings.DATA_DIR)]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own words


class Stopped(Exception):  # noqa: N818 - asked for
    """A signal asked us to stop."""


def _stop(signum: int, frame: object) -> None:
    raise Stopped


def supervise(host: str, port: int, *, worker: bool, say: Callable[[str], None]) -> int:
    """Serve until a signal comes; return the exit code. A worker that dies is started again; a
    web process that dies ends it all, so that nobody thinks that it still serves."""
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {"web": _web(host, port)}
    try:
        if worker:
            children["worker"] = _worker()
        if not _answers(children["web"], host, port):
            say("The web process did not start; see above.")
            return 3
        say(f"{settings.SITE_NAME} is at http://{host}:{port}/  (Ctrl-C stops it)")
        return _watch(children, say)
    except Stopped:
        say("\nStopping…")
        return 0
    finally:
        _end(list(children.values()))


def _watch(children: dict[str, subprocess.Popen[bytes]], say: Callable[[str], None]) -> int:
    while True:
        time.sleep(0.5)
        if children["web"].poll() is not None:
            say("The web process ended by itself.")
            return 3
        if "worker" in children and children["worker"].poll() is not None:
            say("The worker ended by itself and is started again; what it was doing goes on.")
            time.sleep(1)
            children["worker"] = _worker()


def _answers(web: subprocess.Popen[bytes], host: str, port: int) -> bool:
    address = (
        f"http://[{host}]:{port}/takedown" if ":" in host else f"http://{host}:{port}/takedown"
    )
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and web.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own http address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS_MAX
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
