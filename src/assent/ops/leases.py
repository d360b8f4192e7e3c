"""Lease and reaper: a killed worker loses and doubles nothing.

A worker renews its lease from a thread. When a lease runs out, whatever that worker was doing goes
back into the queue. A task that failed by itself is tried again a few times, each after a longer
wait; what it was to publish stays held meanwhile.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assent.gateways import clock
from assent.ops.models import WorkerLease

TRIES_MAX = 5
log = logging.getLogger(__name__)


def renew(worker_id: str) -> None:
    """Promise to be alive for another lease."""
    until = clock.now() + timedelta(seconds=settings.WORKER_LEASE_SECONDS)
    WorkerLease.objects.update_or_create(worker_id=worker_id, defaults={"until": until})


def end(worker_id: str) -> None:
    """Give the lease up on a clean exit."""
    WorkerLease.objects.filter(worker_id=worker_id).delete()


class Heartbeat(threading.Thread):
    """Renews a worker's lease three times a lease, until told to stop."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(daemon=True, name="heartbeat")
        self._worker_id = worker_id
        self._over = threading.Event()

    def run(self) -> None:
        """Renew until stopped."""
        while not self._over.wait(settings.WORKER_LEASE_SECONDS / 3):
            try:
                close_old_connections()
                renew(self._worker_id)
            except DatabaseError:  # it may answer again before the lease has run out
                log.exception("The lease could not be renewed")

    def stop(self) -> None:
        """Stop renewing."""
        self._over.set()


def reap() -> int:
    """Put back the work of workers whose lease ran out, and failed work that may be tried again;
    return how many tasks went back."""
    now = clock.now()
    alive = set(WorkerLease.objects.filter(until__gte=now).values_list("worker_id", flat=True))
    back = 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if not row.worker_ids or row.worker_ids[-1] not in alive:
            back += _requeue(row, now)
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED):
        if len(row.worker_ids) < TRIES_MAX:
            back += _requeue(row, now + timedelta(seconds=2 ** len(row.worker_ids)))
    WorkerLease.objects.filter(until__lt=now - timedelta(days=1)).delete()
    return back


def _requeue(row: DBTaskResult[Any, Any], run_after: datetime) -> int:
    # Compare-and-set: the worker may have finished, or another reaper been here, meanwhile.
    with transaction.atomic():
        same = DBTaskResult.objects.filter(id=row.id, status=row.status, started_at=row.started_at)
        return same.update(status=TaskResultStatus.READY, run_after=run_after)
