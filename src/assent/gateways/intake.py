"""The small store of the takedown path: notices that came while the database did not answer.

One sealed file for each notice, in a folder of its own, written and flushed before the person gets
a receipt. The file's name is a digest of the case number, so that listing the folder tells nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from assent.core.notices import NoticeForm
from assent.gateways.secrets import keyed_digest, sealed, unsealed

SUFFIX = ".notice"


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice that waits for the database, with all that its receipt promised."""

    form: NoticeForm
    key: str
    number: str
    pin_digest: str
    received_at: datetime
    brake: bool


def keep(kept: Kept) -> None:
    """Write a notice down; when this returns, it is on the disk."""
    folder = _folder()
    record = {**asdict(kept), "received_at": kept.received_at.isoformat()}
    path = folder / _name(kept.number)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(sealed("intake", json.dumps(record)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def waits() -> bool:
    """Return whether any notice waits for the database."""
    try:
        with os.scandir(settings.INTAKE_DIR) as found:
            return any(entry.name.endswith(SUFFIX) for entry in found)
    except FileNotFoundError:
        return False


def waiting() -> Iterator[Kept]:
    """Yield the notices that wait, in no order; one that another process took is passed over."""
    for path in sorted(_folder().glob(f"*{SUFFIX}")):
        try:
            yield _read(path)
        except FileNotFoundError:
            continue


def find(number: str) -> Kept | None:
    """Return the notice with this number if it still waits."""
    try:
        return _read(_folder() / _name(number))
    except (FileNotFoundError, InvalidToken):
        return None


def drop(number: str) -> None:
    """Forget a notice that is in the database now."""
    (_folder() / _name(number)).unlink(missing_ok=True)


def _read(path: Path) -> Kept:
    record = json.loads(unsealed("intake", path.read_text()))
    form = record.pop("form")
    form["where"] = tuple(form["where"])
    received_at = datetime.fromisoformat(record.pop("received_at"))
    return Kept(form=NoticeForm(**form), received_at=received_at, **record)


def _name(number: str) -> str:
    return keyed_digest("intake-name", number)[:40] + SUFFIX


def _folder() -> Path:
    folder = Path(settings.INTAKE_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
