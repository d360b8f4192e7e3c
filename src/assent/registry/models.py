"""The registry: fingerprints of every file, under the marketplace's own key.

They stay when a file is removed, so that its changed copies are known. They are numbers from which
no picture or model can be made again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Shelf(models.Model):
    """How often the fingerprints of one kind changed. Every change counts one up in its own
    transaction, so that a process can tell what it has not read yet."""

    kind = models.CharField(primary_key=True, max_length=10)
    version = models.PositiveBigIntegerField(default=0)
    stamp = models.CharField(max_length=24, blank=True)


class FilePrint(models.Model):
    """One fingerprint of one file. `bits` is searched; `body` is what decides, for weights.

    A picture that is transparent has two. `version` and `stamp` are the shelf's when it last
    changed. A forgotten one keeps its row without content, so that other processes forget it.
    """

    file = models.CharField(max_length=12, db_index=True)
    item = models.CharField(max_length=12, db_index=True)
    kind = models.CharField(max_length=10)
    bits = models.BinaryField()
    body = models.BinaryField()
    forgotten = models.BooleanField(default=False)
    version = models.PositiveBigIntegerField()
    stamp = models.CharField(max_length=24)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_print_a_version")
        ]


class Chunk(models.Model):
    """A place at which a picture's fingerprint is looked for: 16 of its bits, and which."""

    print = models.ForeignKey(FilePrint, on_delete=models.CASCADE, related_name="chunks")
    key = models.PositiveIntegerField(db_index=True)


class Match(models.Model):
    """A file that is like another: found when `file` was scanned."""

    file = models.CharField(max_length=12, db_index=True)
    item = models.CharField(max_length=12, db_index=True)
    other_file = models.CharField(max_length=12, db_index=True)
    other_item = models.CharField(max_length=12, db_index=True)
    relation = models.CharField(max_length=10)
    similarity = models.FloatField()
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "other_file"], name="one_match_a_pair")
        ]
