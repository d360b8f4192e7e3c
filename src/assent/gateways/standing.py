"""The log of what was taken down, beside the database: sealed lines in a file of the intake's
folder, flushed to the disk one by one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from assent.core.standing import Line, line_of
from assent.gateways.secrets import sealed, unsealed

NAME = "standing.log"


def note(line: Line) -> None:
    """Add a line; when this returns, it is on the disk."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = sealed("standing", json.dumps(line.as_record())) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines() -> Iterator[Line]:
    """Yield what was noted, in its order. A line that was cut off by a crash ends the log."""
    path = _path()
    if not path.exists():
        return
    with path.open() as file:
        for text in file:
            try:
                yield line_of(json.loads(unsealed("standing", text.strip())))
            except (InvalidToken, ValueError, KeyError, TypeError):
                continue


def _path() -> Path:
    return Path(settings.INTAKE_DIR) / NAME
