"""Notices, cases, decisions, effects. What a person told us is in `Notice` alone, so that it can
be erased without breaking the case or the journal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from assent.casework.models_misuse import MisuseFinding as MisuseFinding
from assent.casework.models_others import ReceivedRemoval as ReceivedRemoval
from assent.casework.models_others import SentRemoval as SentRemoval
from assent.core.terms import CaseState, ItemState


class Case(models.Model):
    """One investigation with all its items. `id` is a random key, the only trace of the case in
    the journal; `pin_digest` is keyed, so the table alone opens nothing."""

    id = models.CharField(primary_key=True, max_length=24)
    number = models.CharField(max_length=14, unique=True)
    pin_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CaseState])
    received_at = models.DateTimeField()
    deadline = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True)
    needs_search = models.BooleanField(default=False)
    under_18 = models.BooleanField(default=False)
    intimate = models.BooleanField(default=False)
    danger = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    # Who sent it: a person, another host's removal notice, or our own drill.
    source = models.CharField(max_length=6, default="person")
    missing = models.JSONField(default=list)
    # Until when somebody must have looked at what the brakes kept from hiding by itself.
    triage_by = models.DateTimeField(null=True)
    # Whether it hides by itself when nobody has looked by then.
    hides_later = models.BooleanField(default=False)
    # Whether nobody looked by then: noted once.
    look_late = models.BooleanField(default=False)
    # How much of the clock has been warned about: 0, 50, 80 or 100 per cent.
    alerted = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    # When somebody showed that they are reached by the address that the notice gave.
    confirmed_at = models.DateTimeField(null=True)
    # When what the person told us was erased, by them or by the clock.
    erased_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=20, blank=True)
    blocked = models.PositiveIntegerField(default=0)
    # Why its clock was missed, as a case worker said it: a key of `core.transparency.LATE`.
    late_because = models.CharField(max_length=10, blank=True)


class Notice(models.Model):
    """The takedown notice as it was sent: seen by case workers only, erasable."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE)
    where = models.JSONField()
    relation = models.CharField(max_length=5, choices=[("me", "me"), ("agent", "agent")])
    signature = models.CharField(max_length=200)
    contact = models.JSONField(null=True)
    details = models.JSONField(default=dict)


class Report(models.Model):
    """Somebody says that an item is wrong in another way than showing a person. What they wrote
    is in `details` alone; the owner of the item never sees it."""

    id = models.CharField(primary_key=True, max_length=12)
    number = models.CharField(max_length=14, unique=True)
    pin_digest = models.CharField(max_length=64)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="reports"
    )
    at = models.DateTimeField()
    deadline = models.DateTimeField(db_index=True)
    details = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="answered"
    )
    upheld = models.BooleanField(null=True)


class Proposal(models.Model):
    """One case worker thinks that a request should be turned down. Nothing
    happens until another one agrees."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proposals")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals"
    )
    ground = models.CharField(max_length=20)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="agreements"
    )
    agreed_at = models.DateTimeField(null=True)


class CaseNote(models.Model):
    """A word between the person and a case worker, in the box behind the status page; `by` is the
    worker, or nobody for what the person wrote. Erased with the notice."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="case_notes"
    )
    text = models.TextField()


class Complaint(models.Model):
    """The person who asked does not agree with how their case was decided. The text is theirs, and
    erased with the notice."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="complaints")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    deadline = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="complaints"
    )
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(answered_at=None),
                name="one_open_complaint_per_case",
            )
        ]


# Named in the notice, named by its hash, part of what was named, an exact copy of it, found by a
# case worker, or put here again later.
HOW = ("named", "hash", "part", "copy", "search", "later")


class CaseItem(models.Model):
    """An item that belongs to a case, and how it came there."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="cases")
    how = models.CharField(max_length=6, choices=[(how, how) for how in HOW])
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "item"], name="item_once_in_case")
        ]


class Decision(models.Model):
    """The accountable outcome, by a named person or a named rule."""

    id = models.CharField(primary_key=True, max_length=12)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60)
    policy = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    sentence = models.TextField()
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL)


class Effect(models.Model):
    """What a decision changed on one item; read backwards, it is the undo."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="effects")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="effects")
    before = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ItemState])
    after = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ItemState])
    # When the owner of the item was told of what a notice hid: in batches, so that the minute of
    # hiding says nothing about who asked.
    told_at = models.DateTimeField(null=True)


class Appeal(models.Model):
    """Somebody objects to a decision about their own item. Free, and answered by somebody who had
    no part in it (Regulation (EU) 2022/2065, Article 20)."""

    id = models.CharField(primary_key=True, max_length=12)
    effect = models.ForeignKey(Effect, on_delete=models.CASCADE, related_name="appeals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals"
    )
    at = models.DateTimeField()
    deadline = models.DateTimeField()
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="answers"
    )
    reversed = models.BooleanField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["effect"],
                condition=models.Q(answered_at=None),
                name="one_open_appeal_per_decision",
            )
        ]


class Suspension(models.Model):
    """Somebody may not act for a time, because of strikes; the strikes are read off decisions."""

    id = models.CharField(primary_key=True, max_length=12)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="suspensions"
    )
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(ended_at=None),
                name="one_open_suspension_per_member",
            )
        ]


class WorkLease(models.Model):
    """Somebody works on a piece of the queue for a while, so that nobody else does."""

    subject = models.CharField(primary_key=True, max_length=40)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_leases"
    )
    until = models.DateTimeField()


class Matter(models.Model):
    """An order of an authority, a threat that was told to one, or a dispute before a body."""

    id = models.CharField(primary_key=True, max_length=12)
    kind = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    category = models.CharField(max_length=80)
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    received_at = models.DateTimeField()
    written_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, db_index=True)
    outcome = models.CharField(max_length=16, blank=True)


class SentStatement(models.Model):
    """A statement of reasons that was sent to the EU's transparency database, and whether it was
    taken. A refused one is not sent again; the operator sees how many there are."""

    puid = models.CharField(primary_key=True, max_length=500)
    at = models.DateTimeField()
    taken = models.BooleanField()


class Preserved(models.Model):
    """A file that shows an apparent minor and was removed: sealed, and kept as long as the law
    wants it. Ids and not links, since it outlives what it is about."""

    file = models.CharField(primary_key=True, max_length=12)
    item = models.CharField(max_length=12)
    case = models.CharField(max_length=24, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    sealed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)


class BulkDecision(models.Model):
    """One person decided the same on several held items at once. Each item has a decision of its
    own; this is what they can be taken back by together."""

    id = models.CharField(primary_key=True, max_length=12)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_decisions"
    )
    at = models.DateTimeField()
    approve = models.BooleanField()
    undone_at = models.DateTimeField(null=True)


class BulkItem(models.Model):
    """An item of such a decision: decided, or skipped and why. `pledges` is what happened to the
    pledges of a bounty, each (id, before, after); `left` says why the undo left it as it was."""

    bulk = models.ForeignKey(BulkDecision, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="bulks")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT)
    pledges = models.JSONField(default=list)
    skipped = models.CharField(max_length=300, blank=True)
    left = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulk", "item"], name="item_once_in_bulk")
        ]


class QualityReview(models.Model):
    """A decision that was drawn for somebody else to look at, who does not see it before they
    have decided themselves."""

    decision = models.OneToOneField(
        Decision, primary_key=True, on_delete=models.PROTECT, related_name="quality"
    )
    drawn_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="reviews"
    )
    at = models.DateTimeField(null=True, db_index=True)
    placement = models.CharField(max_length=10, blank=True)


class SecondOpinion(models.Model):
    """A moderator asks colleagues about a held item, which nobody decides meanwhile."""

    id = models.CharField(primary_key=True, max_length=12)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="opinions")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions_asked"
    )
    at = models.DateTimeField()
    question = models.TextField()
    # When it was answered, or the question was taken back: nobody answered then.
    ended_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="opinions_given"
    )
    leaning = models.CharField(max_length=10, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(ended_at=None),
                name="one_open_opinion_per_item",
            )
        ]


class Exposure(models.Model):
    """Whose pictures a member of the staff opened on one day. For themselves alone, and only as
    long as the day lasts."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exposures"
    )
    day = models.DateField()
    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "day", "item"], name="item_seen_once_a_day")
        ]
