"""Items: one row for each hosted thing, with what is special to its kind beside it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assent.core.ledger import PledgeState
from assent.core.offers import ENTRIES_BY_DEFAULT
from assent.core.terms import (
    AwardMode,
    EntryMode,
    FileState,
    ItemKind,
    ItemState,
    Outcome,
    Rating,
    WorkType,
)


class Item(models.Model):
    """Anything hosted that can be screened, hidden or removed. Its state is changed by
    compare-and-set only, in `catalogue.save`."""

    id = models.CharField(primary_key=True, max_length=12)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ItemKind])
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ItemState])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="items"
    )
    title = models.CharField(max_length=140, blank=True)
    description = models.TextField(max_length=5000, blank=True)
    tags = models.JSONField(default=list)
    rating = models.CharField(max_length=10, default=Rating.SFW)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "-created_at"]),
            models.Index(fields=["owner", "-created_at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ItemKind]), name="item_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ItemState]), name="item_state_known"
            ),
        ]


class Bounty(models.Model):
    """A funded request. `credits` is what the requester offers when posting it."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE)
    work_type = models.CharField(max_length=20, choices=[(t.value, t.label) for t in WorkType])
    credits = models.PositiveIntegerField()
    deadline = models.DateField(db_index=True)
    grant = models.ForeignKey("consent.Grant", null=True, on_delete=models.PROTECT)
    entry_mode = models.CharField(
        max_length=10, choices=[(m.value, m.value) for m in EntryMode], default=EntryMode.OPEN
    )
    award_mode = models.CharField(
        max_length=10, choices=[(m.value, m.value) for m in AwardMode], default=AwardMode.REQUESTER
    )
    entries_max = models.PositiveSmallIntegerField(default=ENTRIES_BY_DEFAULT)
    reminded_at = models.DateTimeField(null=True)


class Pledge(models.Model):
    """Credits that one person put on a bounty; the requester's is the first."""

    id = models.CharField(primary_key=True, max_length=12)
    bounty = models.ForeignKey(Bounty, on_delete=models.PROTECT, related_name="pledges")
    supporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pledges"
    )
    amount = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PledgeState])
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pledge_positive")
        ]


class Entry(models.Model):
    """Work handed in to a bounty."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE)
    bounty = models.ForeignKey(Bounty, on_delete=models.PROTECT, related_name="entries")


class Listing(models.Model):
    """A public offer of finished work."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE)
    work_type = models.CharField(max_length=20, choices=[(t.value, t.label) for t in WorkType])
    base_model = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=40, default="1.0")
    licence = models.CharField(max_length=20, blank=True)
    price = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    grant = models.ForeignKey("consent.Grant", null=True, on_delete=models.PROTECT)


class Download(models.Model):
    """A log-in that has a copy of an item's files, so that it can be told to delete them."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="taken")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "user"], name="one_download_row_each")
        ]


class Version(models.Model):
    """A later version of a listing: an item of its own, so that its files are scanned and its
    words screened like anything new. The first one is the listing itself."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=40)
    downloads = models.PositiveIntegerField(default=0)


class Comment(models.Model):
    """A comment or a question about an item; `reply_to` is the one that it answers."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE)
    on = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="replies"
    )
    reworded_at = models.DateTimeField(null=True)


class SearchWord(models.Model):
    """A word, the beginning of one, or a tag (after "#") that an item is found by."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="search_words")
    word = models.CharField(max_length=48)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["word", "item"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "word"], name="search_word_once")
        ]


class StoredFile(models.Model):
    """A file as it was uploaded. Nobody opens it before its scan says `clean`."""

    id = models.CharField(primary_key=True, max_length=12)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=6, choices=[("work", "work"), ("image", "image")])
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in FileState])
    sentence = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    tensor_hash = models.CharField(max_length=80, blank=True, db_index=True)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()


class Screening(models.Model):
    """The verdict on an item's submission under one policy version: facts at rest."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="screenings")
    at = models.DateTimeField()
    policy = models.CharField(max_length=40)
    outcome = models.CharField(max_length=6, choices=[(o.value, o.value) for o in Outcome])
    rule = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    sentence = models.TextField()
    record = models.JSONField()
