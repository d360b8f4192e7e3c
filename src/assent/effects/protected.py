"""The protected names as this process knows them."""

from __future__ import annotations

from functools import cache

from assent.consent.protected import RegistryReader
from assent.core.screening.protected import Registry
from assent.gateways.secrets import name_keys


def protected_names() -> Registry:
    """Return the protected names as they are now; a change bites in the very next call."""
    return _reader().current()


@cache
def _reader() -> RegistryReader:
    return RegistryReader(name_keys())
