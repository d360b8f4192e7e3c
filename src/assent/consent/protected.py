"""Reads protected names: what one process knows of them, brought up to date by every request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np

from assent.consent.models import ProtectedName, ProtectedRevision
from assent.core.screening.keyed_names import KeyedNames, NameKey
from assent.core.screening.protected import KeyedRegistry

_CHUNK = 500  # digests asked for at once; SQLite allows 999 parameters


class RegistryReader:
    """What one process knows of the protected names; `current` catches up first."""

    def __init__(self, keys: Mapping[str, NameKey]) -> None:
        self._lock = Lock()
        self._revision = -1
        self._versions = {
            version: KeyedNames(key, _Confirmer(version)) for version, key in keys.items()
        }

    def current(self) -> KeyedRegistry:
        """Return the registry as it is in the database now."""
        newest = ProtectedRevision.objects.values_list("number", flat=True).first()
        with self._lock:
            if newest is not None and newest != self._revision:
                self._catch_up(newest)
            return KeyedRegistry(tuple(self._versions.values()))

    def _catch_up(self, newest: int) -> None:
        since = self._revision if newest > self._revision else -1
        for version, names in self._versions.items():
            rows = ProtectedName.objects.filter(
                key_version=version, revision__gt=since, revision__lte=newest
            )
            marks = np.fromiter(
                rows.values_list("mark", flat=True).iterator(chunk_size=20_000), np.int64
            )
            known = names if since >= 0 else KeyedNames(names.key, names.confirm)
            self._versions[version] = known.with_marks(np.unique(marks).view(np.uint64))
        self._revision = newest


class _Confirmer:
    """Asks the database which digests are kept, so that what was forgotten is never found."""

    def __init__(self, version: str) -> None:
        self._version = version

    def __call__(self, digests: Sequence[str]) -> dict[str, bool]:
        known: dict[str, bool] = {}
        for at in range(0, len(digests), _CHUNK):
            rows = ProtectedName.objects.filter(
                key_version=self._version, digest__in=digests[at : at + _CHUNK]
            ).values_list("digest", "decided")
            for digest, decided in rows:
                known[digest] = known.get(digest, False) or decided
        return known
