"""Give out what moderators decided on held items as labelled records. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from assent.casework.labels import standing_decisions
from assent.catalogue import context
from assent.catalogue.queries import last_screening
from assent.catalogue.submissions import submission_of
from assent.core.casework import Placement
from assent.core.screening.labelling import labelled, may_be_exported


def export_labels(first: datetime, before: datetime) -> Iterator[dict[str, Any]]:
    """Yield a record for each decision that stands, but for words that name somebody protected."""
    for item, placement in standing_decisions(first, before):
        seen = last_screening(item)
        if seen is None or not may_be_exported(seen.record):
            continue
        found = context.scan_context(item)
        given = submission_of(found.item, found.work_type)
        yield labelled(given, seen.record, published=placement is Placement.PUBLISH)
