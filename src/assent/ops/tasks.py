"""The tasks of the queue: each calls one flow, and each flow may safely run again."""

from __future__ import annotations

from django_tasks import task

from assent.core.access import WORKER
from assent.flows import run_sweep as sweeping
from assent.flows import scan_file as scanning
from assent.flows import settle_sweep as settling
from assent.flows import undo_sweep as undoing


@task()
def scan_file(file_id: str) -> None:
    """Scan one stored file."""
    scanning.scan_file(file_id)


@task()
def run_sweep(sweep_id: str) -> None:
    """Carry one sweep to every item."""
    sweeping.run_sweep(sweep_id)


@task()
def undo_sweep(sweep_id: str) -> None:
    """Restore what a sweep had moved."""
    undoing.undo_sweep(sweep_id, by=WORKER)


@task()
def settle_sweep(sweep_id: str) -> None:
    """Carry out the removals of a sweep for good."""
    settling.settle_sweep(sweep_id, by=WORKER)
