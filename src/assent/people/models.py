"""Log-ins. What a person owns in credits is in `ledger`; this room only knows who they are."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from assent.core.terms import Role


def new_journal_key() -> str:
    """Return a random key that stands for a person in the journal and the ledger."""
    return get_random_string(24, "0123456789abcdefghjkmnpqrstvwxyz")


class User(AbstractUser):
    """A log-in with one role. `journal_key` stands for the person in the journal."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    role = models.CharField(
        max_length=12, choices=[(r.value, r.value) for r in Role], default=Role.MEMBER
    )
    journal_key = models.CharField(max_length=24, unique=True, default=new_journal_key)
    about = models.CharField(max_length=500, blank=True, default="")
    # Until when the role counts; null for ever.
    role_until = models.DateTimeField(null=True)

    objects: ClassVar[UserManager[User]] = UserManager()  # type: ignore[assignment]


class ApiToken(models.Model):
    """A bearer token, kept as a digest so that the table opens nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=60, default="", blank=True)
    scopes = models.CharField(max_length=40, default="read write")
    last_used_on = models.DateField(null=True)


class OpenReply(models.Model):
    """The answer given to an Idempotency-Key of somebody without a log-in. The key is a digest,
    and the answer is sealed under the key itself: who has only the table can read neither."""

    digest = models.CharField(max_length=64, unique=True)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    sealed = models.TextField(default="")
    created_at = models.DateTimeField(default=timezone.now)


class IdempotentReply(models.Model):
    """The answer given to an Idempotency-Key, so that a repeat gets it again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="one_reply_per_key")
        ]


class Agreement(models.Model):
    """Somebody accepted a version of the agreement for uploaders; `digest` is that of its words."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="accepted_agreements")
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "version"], name="one_agreement_per_version")
        ]
