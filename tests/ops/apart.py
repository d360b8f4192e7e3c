"""A marketplace apart: processes of its own, in a folder of its own, as in real life."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "import django; django.setup()\n"


def environment(data: Path) -> dict[str, str]:
    """A marketplace of its own in this folder, on SQLite, with quick leases."""
    kept = {k: v for k, v in os.environ.items() if k != "ASSENT_DATABASE_URL"}
    return kept | {
        "ASSENT_DATA": str(data),
        "ASSENT_WORKER_LEASE_SECONDS": "1",
        "DJANGO_SETTINGS_MODULE": "assent.config.settings",
        "MARK": str(data / "mark"),
        "PYTHONPATH": str(ROOT),
    }


def run(code: str, env: dict[str, str]) -> str:
    """Run it to its end."""
    return _run(["-c", code], env)


def run_module(module: str, *words: str, env: dict[str, str]) -> str:
    """Run a module to its end."""
    return _run(["-m", module, *words], env)


def _run(words: list[str], env: dict[str, str]) -> str:
    command = [sys.executable, *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
