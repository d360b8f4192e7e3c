"""What two people found about takedown requests that were plainly without ground."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class MisuseFinding(models.Model):
    """One case worker thinks that a request which was turned down was plainly without ground;
    nothing follows before another one agrees. `sender` is a keyed digest of the confirmed contact,
    kept from then on and no longer than something can follow from it."""

    case = models.OneToOneField(
        "casework.Case", primary_key=True, on_delete=models.CASCADE, related_name="finding"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="findings"
    )
    at = models.DateTimeField()
    # What the sender reads; erased with the notice.
    reason = models.TextField(blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="findings_agreed",
    )
    agreed_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    step = models.CharField(max_length=7, blank=True)
    until = models.DateTimeField(null=True)
    # The objection of whoever sent it; while it is open, the finding has no effect.
    objected_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True)
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="findings_looked_at",
    )
    # When it ended: by itself, by an objection that was right, or because its words were erased.
    ended_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
