"""The tasks of the queue: each calls one flow, and each flow may safely run again."""

from __future__ import annotations

from django_tasks import task

from assent.flows import run_sweep as sweeping
from assent.flows import scan_file as scanning


@task()
def scan_file(file_id: str) -> None:
    """Scan one stored file."""
    scanning.scan_file(file_id)


@task()
def run_sweep(sweep_id: str) -> None:
    """Carry one sweep to every item."""
    sweeping.run_sweep(sweep_id)
