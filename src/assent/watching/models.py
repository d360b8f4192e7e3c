"""Who follows whom, who tracks what, and which letters they want."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Follow(models.Model):
    """A member wants to hear what another one publishes. Only the follower sees that it exists."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    # Not the followed one's own row: they are not told of it when they ask for what is kept of
    # them. A log-in's row is never deleted.
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="followed_by"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="nobody_follows_themselves"
            ),
        ]


class Track(models.Model):
    """A member wants to hear what happens to a bounty or a listing."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tracks"
    )
    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="tracks")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "item"], name="track_once")
        ]


class NoLetter(models.Model):
    """A member does not want letters of this topic; the notice on the site stays."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="no_letters"
    )
    topic = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "topic"], name="no_letter_once")
        ]
