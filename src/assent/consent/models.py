"""Depicted persons and their grants. Names are kept only as keyed digests, never in the clear."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from assent.core.consent.asking import InvitationState
from assent.core.consent.channels import VouchAnswer
from assent.core.terms import ConsentStatus, Rating


class Invitation(models.Model):
    """A request for somebody's consent, and the person's way through it.

    What names or reaches the person is in `sealed`, under a key that is not in the database; it is
    emptied when the invitation ends. The secret of the private link is kept as a digest alone.
    """

    id = models.CharField(primary_key=True, max_length=12)
    # Kept when its requester leaves: the person's private link must go on working.
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations"
    )
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in InvitationState])
    is_self = models.BooleanField(default=False)
    channel_digest = models.CharField(max_length=64, db_index=True)
    link_digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
    proposal = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    letter_due = models.BooleanField(default=False)
    letter_at = models.DateTimeField(null=True)
    presented_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=40, blank=True)
    nonce_seen_at = models.DateTimeField(null=True)
    page_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["requester", "channel_digest"], name="asked_once_per_channel"
            )
        ]


class Voucher(models.Model):
    """One moderator's word on whose channel it is."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="vouchers")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    answer = models.CharField(max_length=3, choices=[(a.value, a.value) for a in VouchAnswer])
    seen_since = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invitation", "moderator"], name="one_vouch_each")
        ]


class NeverContact(models.Model):
    """The keyed digest of an address that wants no more letters."""

    channel_digest = models.CharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField()


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
    publish_from = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True, db_index=True)
    terms = models.JSONField(default=dict)
    record_hash = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    invitation = models.OneToOneField(
        Invitation, null=True, on_delete=models.SET_NULL, related_name="grant"
    )


class Staydown(models.Model):
    """A keyed digest of a file or a name that was taken down or is under watch, so that its
    return is stopped. `kind` is sha256, tensors, or name; `key_version` says under which key."""

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    key_version = models.CharField(max_length=200)
    case_key = models.CharField(max_length=24, db_index=True)
    decided = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "kind", "case_key"], name="one_staydown_per_case"
            )
        ]


class ProtectedRevision(models.Model):
    """One row that counts the changes of the protected names, so that every process can tell, with
    one look, whether it knows them all."""

    number = models.BigIntegerField(default=0)


class ProtectedName(models.Model):
    """One spelling of a protected name, as two keyed hashes; the name itself is kept nowhere.

    `mark` is the 64-bit hash that texts are searched for (stored as a signed number), `digest` an
    HMAC-SHA-256; `revision` is the change that brought it.
    """

    case_key = models.CharField(max_length=24, db_index=True)
    key_version = models.CharField(max_length=20)
    mark = models.BigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    decided = models.BooleanField(default=False)
    revision = models.BigIntegerField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_key", "key_version", "mark", "digest"], name="one_spelling_per_case"
            )
        ]


class Exempt(models.Model):
    """The negative list: a digest that hides and stops nothing any more, because it turned out
    to be something else, such as a base model that everybody uses."""

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    key_version = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "kind"], name="exempt_once")
        ]
