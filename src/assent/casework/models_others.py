"""Removal notices to and from other marketplaces."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assent.core.removals import Sent


class SentRemoval(models.Model):
    """A notice to one recipient that the operator listed. `hashes` are kept until it is taken."""

    id = models.CharField(primary_key=True, max_length=24)
    recipient = models.CharField(max_length=300)
    case = models.CharField(max_length=24, db_index=True)
    at = models.DateTimeField()
    hashes = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Sent])
    tries = models.PositiveIntegerField(default=0)
    # When it is tried next, and when something last happened to it.
    next_at = models.DateTimeField(null=True, db_index=True)
    moved_at = models.DateTimeField()
    answer = models.CharField(max_length=100, blank=True)


class ReceivedRemoval(models.Model):
    """A notice of a listed sender that was taken: its hashes are watched for under `case`, which is
    opened as soon as something here matches one of them."""

    sender = models.CharField(max_length=60)
    number = models.CharField(max_length=64)
    # SHA-256 of what was signed, so that the same notice is the same and another one is not.
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    case = models.CharField(max_length=24, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "number"], name="removal_taken_once")
        ]
