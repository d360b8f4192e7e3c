"""The bulk engine of sweeps: one function from a batch of records to a batch of results, run in
this process or, the same code, in several worker processes.

Only what is at rest goes in: an item's words, and what the scan of its files wrote down about them.
No file is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

from assent.core.screening.policy import Policy
from assent.core.screening.screen import screen_many
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict

Engine = Callable[[Sequence[Submission]], list[Verdict]]


def rescreen(batch: Sequence[Submission], policy: Policy, at: date) -> list[Verdict]:
    """Return a verdict for each record, in their order."""
    # Imported here: a worker process gets Django ready first, see `_get_ready`.
    from assent.effects.protected import protected_names

    return screen_many(batch, policy, at=at, protected=protected_names())


@contextmanager
def engine(policy: Policy, at: date, workers: int = 1) -> Iterator[Engine]:
    """Give the function for a whole run; with more workers, it shares out each batch."""
    if workers <= 1:
        yield lambda batch: rescreen(batch, policy, at)
        return
    # Spawned, not forked: a connection to the database must not be shared between processes.
    with ProcessPoolExecutor(workers, get_context("spawn"), _get_ready) as pool:

        def shared(batch: Sequence[Submission]) -> list[Verdict]:
            size = -(-len(batch) // workers)
            parts = [batch[start : start + size] for start in range(0, len(batch), size or 1)]
            found = [pool.submit(rescreen, part, policy, at) for part in parts]
            return [verdict for part in found for verdict in part.result()]

        yield shared


def _get_ready() -> None:
    import django

    django.setup()
