"""What the sandbox provider itself remembers: its own book of what it took and paid out, apart from
the database, as a real provider's is, so that reconciling compares two memories and not one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from assent.gateways import clock


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of a provider's book. `kind` is `paid` or `disputed` for a purchase, `payout` for
    money that went to a member; `about` is our number for it."""

    kind: str
    about: str
    cents: int
    at: datetime


def write(kind: str, about: str, cents: int) -> None:
    """Add a line, once for each kind and number: the provider does not take money twice."""
    if any((line.kind, line.about) == (kind, about) for line in lines()):
        return
    said = {"kind": kind, "about": about, "cents": cents, "at": clock.now().isoformat()}
    with _book().open("a") as book:
        book.write(json.dumps(said) + "\n")


def lines() -> Iterator[BookLine]:
    """Yield the provider's book, oldest first."""
    if not _book().exists():
        return
    for line in _book().read_text().splitlines():
        said = json.loads(line)
        yield BookLine(
            said["kind"], said["about"], said["cents"], datetime.fromisoformat(said["at"])
        )


def _behaviours() -> Path:
    return _folder() / "banks.json"


def behave(account_id: str, how: str) -> None:
    """Keep what the bank behind an account is to do with payouts: pay, fail, twice or silent."""
    known = _known()
    known[account_id] = how
    _behaviours().write_text(json.dumps(known))


def behaviour(account_id: str) -> str:
    """Return what the bank behind an account does with a payout."""
    return _known().get(account_id, "pay")


def _known() -> dict[str, str]:
    try:
        return dict(json.loads(_behaviours().read_text()))
    except FileNotFoundError:
        return {}


def _book() -> Path:
    return _folder() / "book.jsonl"


def _folder() -> Path:
    folder = Path(settings.SANDBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
