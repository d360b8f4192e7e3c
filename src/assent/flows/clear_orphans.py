"""Delete what a killed upload left behind: bytes that no row knows, and half-received ones."""

from __future__ import annotations

from assent.catalogue.context import unknown_files
from assent.gateways import clock, storage

GRACE_SECONDS = 3600


def clear_orphans() -> int:
    """Delete such bytes older than an hour, and return how many files went."""
    now = clock.now().timestamp()
    old = {i for i, written in storage.stored_ids() if now - written > GRACE_SECONDS}
    orphans = unknown_files(old)
    for file_id in orphans:
        storage.drop(file_id)
    return len(orphans) + storage.clear_uploads(now - GRACE_SECONDS)
