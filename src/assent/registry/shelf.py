"""The bits of all weight fingerprints in this process's memory, never older than the database."""

from __future__ import annotations

from threading import Lock

import numpy as np

from assent.core.fingerprints.index import Scan
from assent.core.fingerprints.probes import BITS
from assent.registry.models import FilePrint, Shelf

_BATCH = 2_000


class WeightShelf:
    """256 bytes a model. Before every search it reads what changed since the last one; where its
    own past is not the database's (another database, a transaction undone), it reads all anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._clear()

    def _clear(self) -> None:
        self._scan, self._version, self._stamp = Scan(BITS // 8), 0, ""

    def shortlist(self, bits: bytes, most: int, radius: int, cap: int) -> list[int]:
        """Return the ids of the nearest fingerprints, or of the nearest to its negative, and of all
        within `radius` up to a cap."""
        with self._lock:
            self._catch_up()
            return [key for key, _ in self._scan.shortlist(bits, most, radius, cap)]

    def _catch_up(self) -> None:
        shelf = Shelf.objects.filter(kind="weights").first()
        version, stamp = (shelf.version, shelf.stamp) if shelf else (0, "")
        if (version, stamp) == (self._version, self._stamp):
            return
        if not self._is_past():
            self._clear()
        rows = FilePrint.objects.filter(kind="weights", version__gt=self._version)
        rows = rows.filter(version__lte=version).order_by("version")
        ids: list[int] = []
        packed: list[bytes] = []
        for row in rows.values_list("id", "bits", "forgotten").iterator(_BATCH):
            self._scan.remove(row[0])
            if not row[2]:
                ids.append(row[0])
                packed.append(bytes(row[1]))
        if ids:
            table = np.frombuffer(b"".join(packed), np.uint8).reshape(len(ids), -1)
            self._scan.add_many(ids, table)
        self._version, self._stamp = version, stamp

    def _is_past(self) -> bool:
        """Whether the last change that we read still stands as it was."""
        rows = FilePrint.objects.filter(kind="weights", version=self._version, stamp=self._stamp)
        return self._version > 0 and rows.exists()


WEIGHT_SHELF = WeightShelf()
