"""Writes protected names: two keyed hashes of every spelling, and never the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from assent.consent.models import ProtectedName, ProtectedRevision
from assent.core.screening.keyed_names import NameKey

_ONLY = 1  # the one row of ProtectedRevision
_BATCH = 500


def protect(
    names: Iterable[str], case_key: str, keys: Mapping[str, NameKey], at: datetime, *, decided: bool
) -> int:
    """Protect names and handles for a case under every key version; return how many are new.

    `keys` is the current key and, while keys change, the next: after this nothing can be hashed
    again, since the names are kept nowhere.
    """
    spellings = [
        (version, one) for name in names for version, key in keys.items() for one in key.kept(name)
    ]
    with transaction.atomic():
        # The counter is locked first, so that changes become visible in the order of its numbers.
        ProtectedRevision.objects.get_or_create(id=_ONLY)
        ProtectedRevision.objects.filter(id=_ONLY).update(number=F("number") + 1)
        revision = ProtectedRevision.objects.get(id=_ONLY).number
        before = ProtectedName.objects.filter(case_key=case_key).count()
        ProtectedName.objects.bulk_create(
            [
                ProtectedName(
                    case_key=case_key,
                    key_version=version,
                    mark=_signed(one.mark),
                    digest=one.digest,
                    decided=decided,
                    revision=revision,
                    created_at=at,
                )
                for version, one in spellings
            ],
            ignore_conflicts=True,
            batch_size=_BATCH,
        )
        return ProtectedName.objects.filter(case_key=case_key).count() - before


def settle_protected(case_key: str, *, stands: bool) -> None:
    """After the decision: the case's names refuse from now on, or are forgotten."""
    rows = ProtectedName.objects.filter(case_key=case_key)
    if stands:
        rows.update(decided=True)
    else:
        rows.delete()


def forget_protected(case_key: str) -> None:
    """Stop protecting a case's names, as their bearer asked; the next request knows."""
    ProtectedName.objects.filter(case_key=case_key).delete()


def _signed(mark: int) -> int:
    return mark - (1 << 64) if mark >= 1 << 63 else mark
