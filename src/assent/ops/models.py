"""Which workers are alive: the lease that tells a killed one from a busy one."""

from __future__ import annotations

from django.db import models


class WorkerLease(models.Model):
    """A worker's promise to be alive until `until`, renewed by a thread of its own."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    until = models.DateTimeField(db_index=True)
