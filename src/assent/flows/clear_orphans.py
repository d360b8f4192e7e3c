"""Delete stored bytes that no row knows: what a killed upload left behind."""

from __future__ import annotations

from assent.catalogue.context import unknown_files
from assent.gateways import clock, storage

GRACE_SECONDS = 3600


def clear_orphans() -> int:
    """Delete bytes older than an hour without a row, and return how many."""
    now = clock.now().timestamp()
    old = {i for i, written in storage.stored_ids() if now - written > GRACE_SECONDS}
    orphans = unknown_files(old)
    for file_id in orphans:
        storage.drop(file_id)
    return len(orphans)
