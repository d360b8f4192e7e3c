"""Send statements of reasons to the EU's transparency database. Run by the worker's clock; does
nothing unless the operator gave an address and a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from assent.casework import answers
from assent.casework.statements import all_statements, sent_already
from assent.core.reasons.dsa import BATCH_MAX, faults, payload
from assent.gateways import clock, dsa
from assent.gateways.dsa import Taken

# A statement of yesterday is told by now; what is older than this was sent or never will be.
WINDOW = timedelta(days=90)
SETTLED = timedelta(hours=24)


def send_statements() -> int:
    """Send what was not sent yet and return how many were taken.

    Nothing is called inside a transaction: what was taken is written down afterwards. If we are cut
    off between the two, the database knows the `puid` and refuses it the second time, alone.
    """
    if not dsa.is_on():
        return 0
    at = clock.now()
    found = [payload(s) for s in all_statements(at - WINDOW, at - SETTLED, minors=False)]
    known = sent_already(one["puid"] for one in found)
    waiting = [one for one in found if one["puid"] not in known]
    wrong = [one for one in waiting if faults(one)]
    answers.note_sent([one["puid"] for one in wrong], at, taken=False)
    right = [one for one in waiting if not faults(one)]
    taken = 0
    for start in range(0, len(right), BATCH_MAX):
        count = _send(right[start : start + BATCH_MAX])
        if count is None:
            break
        taken += count
    return taken


def _send(batch: Sequence[Mapping[str, Any]]) -> int | None:
    """Send a batch, one by one where it was not taken whole; None where nothing can be sent now."""
    at = clock.now()
    answer = dsa.send(batch)
    if answer is Taken.LATER:
        return None
    if answer is Taken.ALL:
        answers.note_sent([one["puid"] for one in batch], at, taken=True)
        return len(batch)
    if len(batch) == 1:
        answers.note_sent([batch[0]["puid"]], at, taken=False)
        return 0
    counts = [_send([one]) for one in batch]
    return None if None in counts else sum(count or 0 for count in counts)
