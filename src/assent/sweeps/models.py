"""Policy versions that were announced, and the sweeps that carried them to every item."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from assent.core.terms import SweepOutcome, SweepState


class PolicyVersion(models.Model):
    """A policy version: its rules as data, from when, and who announced it."""

    id = models.CharField(primary_key=True, max_length=40)
    starts_at = models.DateTimeField()
    summary = models.CharField(max_length=500)
    rules = models.JSONField()
    announced_at = models.DateTimeField(null=True)  # None for a draft that was only previewed
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)


class Sweep(models.Model):
    """Re-screening of the whole catalogue under one policy version. `cursor` is the last item
    done, so that a killed sweep goes on where it stopped. `total` is how many items there were at
    its start; from `settled_at` on its removals are final."""

    id = models.CharField(primary_key=True, max_length=12)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SweepState])
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cursor = models.CharField(max_length=12, blank=True)
    dry_run = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)


class SweepResult(models.Model):
    """Where the sweep left one item, and where the item came from: that is the undo. `end` says
    what became of it later: restored, settled, or left where somebody else had put it."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="results")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT)
    outcome = models.CharField(max_length=12, choices=[(o.value, o.value) for o in SweepOutcome])
    rule = models.CharField(max_length=60)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)
    end = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sweep", "item"], name="one_result_per_item")
        ]
