"""The bytes of files whose removal stands: they go, or, where a case says that they show an
apparent minor, are kept for the worker to seal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.casework import save as casework
from assent.casework.preserved import minors_cases
from assent.catalogue.values import FileView
from assent.core.preserving import PRESERVED_FOR


def to_drop(files: Iterable[FileView], at: datetime) -> list[str]:
    """Return the ids of the files whose bytes go once this transaction is committed. What belongs
    to a case about an apparent minor, whatever it is removed for, is noted to be preserved."""
    gone = list(files)
    cases = minors_cases({file.item for file in gone})
    for file in gone:
        if file.item in cases:
            row = (file.id, file.item, file.sha256, file.size)
            casework.preserve([row], cases[file.item], at, at + PRESERVED_FOR)
    return [file.id for file in gone if file.item not in cases]
