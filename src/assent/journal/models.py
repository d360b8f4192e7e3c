"""The append-only, hash-chained journal, and messages that wait to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class JournalRow(models.Model):
    """Who did what, when, under which rule. Actor and subject are random keys, never names.
    Database triggers refuse any edit or delete."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=24)
    verb = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=24, db_index=True)
    rule = models.CharField(max_length=60, blank=True)
    data = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class JournalHead(models.Model):
    """The one row that says where the chain ends; locking it puts writers in line."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()


class Message(models.Model):
    """A message to one person, written with the effect it speaks of: they read it here, and it
    is sent as a letter afterwards. `about` is the item that it links to, if any."""

    id = models.CharField(primary_key=True, max_length=12)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    case = models.ForeignKey("casework.Case", null=True, on_delete=models.CASCADE)
    template = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    about = models.ForeignKey("catalogue.Item", null=True, on_delete=models.SET_NULL)
    # A batched message is neither shown nor sent before this moment.
    after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "read_at", "-at"])]


class PublishedRoot(models.Model):
    """The Merkle root that was published on one day, over the first `rows` rows of the journal.
    Database triggers refuse any edit or delete. `extends` are the hashes that prove that this tree
    begins with the one published before it; null where that was not kept."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
    rows = models.BigIntegerField()
    root = models.CharField(max_length=64)
    extends = models.JSONField(null=True)
