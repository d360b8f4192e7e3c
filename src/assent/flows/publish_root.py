"""Publish the day's Merkle root over the journal. Run by the worker's clock."""

from __future__ import annotations

from django.db import transaction

from assent.gateways import clock
from assent.journal import save as journal
from assent.journal.queries import tree_of


def publish_root() -> int:
    """Publish one root for today; return 0 where today has one.

    Writers wait only while the number of rows is read: the rows below it never change, so the
    tree is computed afterwards.
    """
    at = clock.now()
    if journal.has_root(at.date()):
        return 0
    with transaction.atomic():
        rows, moment = journal.close_until(at)
    root, extends = tree_of(rows)
    return int(journal.add_root(at.date(), moment, rows, root, extends))
