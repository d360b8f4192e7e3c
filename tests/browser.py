"""Finds a Chromium for the browser tests, or says which line installs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

UNPACKED = Path(__file__).resolve().parent.parent / ".tools" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # the tests may run as root, where the sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = """\
The browser tests need Chromium, and none was found. Install one with
    {sudo}apt-get install -y chromium
or, where node and npm are installed, with
    make test-setup"""


class ChromiumMissingError(Exception):
    """There is no browser here; the message says how to get one."""


@dataclass(frozen=True)
class Chromium:
    """A browser, and the environment it has to be started in."""

    path: Path
    env: dict[str, str]


@lru_cache(maxsize=1)
def find_chromium() -> Chromium:
    """Return the machine's Chromium, else the unpacked one, else raise ChromiumMissingError."""
    for chromium in (*_on_the_path(), _unpacked()):
        if _starts(chromium):
            return chromium
    raise ChromiumMissingError(MISSING.format(sudo="" if os.geteuid() == 0 else "sudo "))


def _on_the_path() -> list[Chromium]:
    found = [Path(path) for name in NAMES if (path := shutil.which(name))]
    # A snap sees neither our temporary folders nor our files, so Playwright cannot drive it.
    return [Chromium(path, dict(os.environ)) for path in found if "snap" not in path.parts]


def _unpacked() -> Chromium:
    paths = [str(UNPACKED / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    env = {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join(path for path in paths if path),
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
    }
    return Chromium(UNPACKED / "chromium", env)


def _starts(chromium: Chromium) -> bool:
    # Ubuntu has a `chromium-browser` that only tells people to install something else.
    command = [str(chromium.path), "--version"]
    try:
        done = subprocess.run(
            command, env=chromium.env, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Print where the browser is, or how to get one."""
    try:
        sys.stdout.write(f"{find_chromium().path}\n")
    except ChromiumMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
