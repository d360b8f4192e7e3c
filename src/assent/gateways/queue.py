"""The task queue. Work is named, not imported, so that flows need not know the workers."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

TASKS = {
    "scan_file": "assent.ops.tasks.scan_file",
    "run_sweep": "assent.ops.tasks.run_sweep",
    "settle_sweep": "assent.ops.tasks.settle_sweep",
    "undo_sweep": "assent.ops.tasks.undo_sweep",
}


def enqueue(name: str, **arguments: Any) -> None:  # noqa: ANN401 - each task has its own
    """Put a task in the queue, in the caller's transaction: it exists only if that stands."""
    import_string(TASKS[name]).enqueue(**arguments)
