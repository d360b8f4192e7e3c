"""Takes deleted words out of the database's files as well."""

from __future__ import annotations

import time

from django.db import connection

TRIES, PAUSE_SECONDS = 20, 0.1


def scrub() -> bool:
    """Empty SQLite's write-ahead log, which keeps deleted text until it is written over; the pages
    themselves are overwritten as rows go (`secure_delete`). Return False while a reader held it:
    the worker comes again. PostgreSQL has no such means: there it does nothing, and returns True.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    for attempt in range(TRIES):
        with connection.cursor() as cursor:
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return True
        if attempt < TRIES - 1:
            time.sleep(PAUSE_SECONDS)
    return False
