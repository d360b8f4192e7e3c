"""The clock, kept out of core so that core stays repeatable; tests and the demo set it here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _set_to.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` answer this moment within the block, for this thread alone."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
