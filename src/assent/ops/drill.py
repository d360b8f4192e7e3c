"""The monthly drill of the takedown path, on a marketplace of its own that is thrown away.

The main database is taken away; a notice goes to the process that serves the takedown path alone;
the database comes back; and from the very first answer on, nothing that was named is served. Every
step is done over HTTP, as the person and everybody else would do it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import urllib3

START_SECONDS_MAX = 120
RECEIPT_SECONDS_MAX = 5
_KEY = re.compile(r'<code class="key" id="(number|pin)"[^>]*>([^<]+)<')
Say = Callable[[str], object]


@dataclass(slots=True)
class Drill:
    """What was done, in order: (step, seconds, whether it held)."""

    steps: list[tuple[str, float, bool]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every step held."""
        return bool(self.steps) and all(held for _, _, held in self.steps)

    def note(self, step: str, since: float, held: bool, say: Say) -> None:
        """Write a step down and say it."""
        seconds = time.monotonic() - since
        self.steps.append((step, round(seconds, 2), held))
        say(f"  {'ok ' if held else 'NO '} {step:<62}{seconds:8.2f} s")


def drill_takedown(folder: Path, say: Say) -> Drill:
    """Run the drill in an empty folder and return what happened."""
    found = Drill()
    pool = urllib3.PoolManager(retries=False, timeout=10)
    since = time.monotonic()
    with _serving(folder, "--demo") as url:
        item = _a_public_listing(pool, url)
        pages = _addresses(pool, url, item)
        shown = all(_status(pool, url + page) == 200 for page in pages)
        found.note("a marketplace serves the item that will be named", since, shown, say)
    since = time.monotonic()
    with _without_database(folder), _serving(folder, "--demo", "--takedown-only") as url:
        found.note("without its database the takedown path comes up", since, True, say)
        since = time.monotonic()
        number, pin = _file(pool, url, item)
        in_time = time.monotonic() - since <= RECEIPT_SECONDS_MAX
        found.note("it takes a notice, and gives number and PIN", since, in_time and bool(pin), say)
        since = time.monotonic()
        known = number in _case(pool, url, number, pin)
        found.note("number and PIN open the status", since, known, say)
    since = time.monotonic()
    watch = Watch(pages)
    with _serving(folder, "--demo", watch=watch) as url:
        statuses = [_status(pool, url + page) for page in pages]
        found.note("the database is back, and nothing named is served", since,
                   all(s in (404, 410) for s in statuses), say)  # fmt: skip
        since = time.monotonic()
        hidden = number in _case(pool, url, number, pin)
        found.note("the case is there under its number and PIN", since, hidden, say)
        watch.look(pool, url)
        never = not watch.served
        found.note("not one answer with it between the start and now", since, never, say)
    return found


@dataclass(slots=True)
class Watch:
    """Looks at pages while a marketplace starts: was any of them served, even once?"""

    pages: list[str]
    served: bool = False

    def look(self, pool: urllib3.PoolManager, url: str) -> None:
        """Look once."""
        self.served |= any(_status(pool, url + page) == 200 for page in self.pages)


@contextmanager
def _serving(folder: Path, *options: str, watch: Watch | None = None) -> Iterator[str]:
    """Run `assent up` on a free port until the block ends; `watch` looks at these pages from the
    first moment at which anything answers."""
    port = _free_port()
    command = [sys.executable, "-m", "assent.cli.main", "up", *options, "--data", str(folder),
               "--port", str(port)]  # fmt: skip
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSENT_", "DJANGO_"))}
    process = subprocess.Popen(  # noqa: S603 - our own words
        command, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, watch)
        yield url
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(
    url: str,
    process: subprocess.Popen[bytes],
    watch: Watch | None,
) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    pool = urllib3.PoolManager(retries=False, timeout=2)
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the marketplace did not start")
        try:
            if watch is not None:
                watch.look(pool, url)
            if _status(pool, f"{url}/takedown") == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.02)
    raise RuntimeError("the marketplace did not answer in time")


@contextmanager
def _without_database(folder: Path) -> Iterator[None]:
    """Take the database away: in its place is something that no database can be opened in."""
    database, away = folder / "assent.sqlite3", folder / "assent.sqlite3.away"
    database.rename(away)
    database.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(database)
        away.rename(database)


def _a_public_listing(pool: urllib3.PoolManager, url: str) -> str:
    listed = json.loads(pool.request("GET", f"{url}/api/v1/items").data)["items"]
    return str(next(one["id"] for one in listed if one["kind"] == "listing"))


def _addresses(pool: urllib3.PoolManager, url: str, item: str) -> list[str]:
    """The item's page, its files and pictures, and its metadata."""
    page = pool.request("GET", f"{url}/listings/{item}").data.decode()
    files = sorted(set(re.findall(r"/files/[0-9a-z]{12}(?:/thumb)?(?=[\"'])", page)))
    return [f"/listings/{item}", f"/api/v1/items/{item}", *files]


def _file(pool: urllib3.PoolManager, url: str, item: str) -> tuple[str, str]:
    sent = {"where": item, "relation": "me", "good_faith": "on", "signature": "drill"}
    page = _post(pool, f"{url}/takedown", sent)
    found = dict(_KEY.findall(page))
    return found.get("number", ""), found.get("pin", "")


def _case(pool: urllib3.PoolManager, url: str, number: str, pin: str) -> str:
    return _post(pool, f"{url}/case", {"number": number, "pin": pin})


def _post(pool: urllib3.PoolManager, url: str, fields: dict[str, str]) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return pool.request("POST", url, body=urlencode(fields), headers=headers).data.decode()


def _status(pool: urllib3.PoolManager, url: str) -> int:
    return pool.request("GET", url).status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
