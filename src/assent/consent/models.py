"""Depicted persons and their grants. Names are kept only as keyed digests, never in the clear."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from assent.core.terms import ConsentStatus, Rating


class Grant(models.Model):
    """Permission that a depicted person gave. `reference` is what a requester types into a
    bounty; `name_digests` are keyed digests of the person's normalised names."""

    id = models.CharField(primary_key=True, max_length=12)
    reference = models.CharField(max_length=20, unique=True)
    person_key = models.CharField(max_length=24, db_index=True)
    name_digests = models.JSONField(default=list)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in ConsentStatus])
    uses = models.JSONField(default=list)
    work_types = models.JSONField(default=list)
    description = models.CharField(max_length=500)
    territory = models.CharField(max_length=60, default="worldwide")
    rating = models.CharField(max_length=10, default=Rating.SFW)
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=60)


class Staydown(models.Model):
    """A keyed digest of a file that was taken down, so that its return is stopped."""

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    key_version = models.CharField(max_length=20)
    case_key = models.CharField(max_length=24, db_index=True)
    decided = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "kind", "case_key"], name="one_staydown_per_case"
            )
        ]
