"""Writes grants, invitations and staydown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assent.consent.models import Exempt, Grant, Invitation, NeverContact, Staydown, Voucher
from assent.core.consent.asking import InvitationState
from assent.core.consent.channels import Vouch
from assent.core.consent.cover import GrantTerms
from assent.core.terms import ConsentStatus, Digest, Refusal, RefusalKind, Refused

CHANGED = Refusal(
    "changed_meanwhile",
    "This changed while you were looking at it. Nothing was done; please look again.",
    RefusalKind.CONFLICT,
    retry=True,
)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What is written of a grant: `terms` holds no name and no signature, `sealed` the receipt."""

    id: str
    person_key: str
    requester: int
    terms: GrantTerms
    description: str
    proof: str
    kept: Mapping[str, Any]
    record_hash: str
    sealed: str
    invitation: str | None = None


def add_grant(new: NewGrant, signed_at: datetime) -> None:
    """Insert a signed grant."""
    terms = new.terms
    Grant.objects.create(
        id=new.id,
        reference=terms.reference,
        person_key=new.person_key,
        name_digests=sorted(terms.name_digests),
        requester_id=new.requester,
        status=terms.status,
        uses=sorted(terms.uses),
        work_types=sorted(terms.work_types),
        description=new.description[:500],
        territory=str(new.kept.get("territory", "worldwide"))[:60],
        rating=terms.rating,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        publish_from=terms.publish_from,
        signed_at=signed_at if terms.signed else None,
        proof=new.proof,
        terms=dict(new.kept),
        record_hash=new.record_hash,
        sealed=new.sealed,
        invitation_id=new.invitation,
    )


def end_grant(grant_id: str, status: ConsentStatus, at: datetime) -> bool:
    """Put an end to a grant in force; False when it had ended already."""
    given = Grant.objects.filter(id=grant_id, status=ConsentStatus.GIVEN)
    return bool(given.update(status=status, ended_at=at))


def shorten_grant(grant_id: str, ends_on: date) -> bool:
    """Let a grant in force end on an earlier day; False when it does not."""
    given = Grant.objects.filter(id=grant_id, status=ConsentStatus.GIVEN, ends_on__gt=ends_on)
    return bool(given.update(ends_on=ends_on))


# Invitations -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """What is written of a fresh invitation."""

    id: str
    requester: int
    is_self: bool
    channel_digest: str
    link_digest: str
    sealed: str
    proposal: Mapping[str, Any]
    letter_due: bool


def add(new: NewInvitation, at: datetime) -> None:
    """Insert an invitation."""
    Invitation.objects.create(
        id=new.id,
        requester_id=new.requester,
        state=InvitationState.ASKED,
        is_self=new.is_self,
        channel_digest=new.channel_digest,
        link_digest=new.link_digest,
        sealed=new.sealed,
        proposal=dict(new.proposal),
        letter_due=new.letter_due,
        created_at=at,
    )


def mark_letter(invitation_id: str, sealed: str, at: datetime) -> bool:
    """Mark the letter as sent and keep what is sealed from now on; False if it was sent before."""
    due = Invitation.objects.filter(id=invitation_id, letter_due=True, letter_at=None)
    return bool(due.update(letter_at=at, sealed=sealed))


def mark_presented(invitation_id: str, at: datetime) -> None:
    """Remember when the person first had the terms before them."""
    Invitation.objects.filter(id=invitation_id, presented_at=None).update(presented_at=at)


def change(invitation_id: str, before: InvitationState, **changes: object) -> None:
    """Change an invitation that is still `before`, or refuse."""
    if not Invitation.objects.filter(id=invitation_id, state=before).update(**changes):
        raise Refused(CHANGED)


def never_contact(channel_digest: str, at: datetime) -> None:
    """Remember that an address wants no more letters."""
    NeverContact.objects.get_or_create(channel_digest=channel_digest, defaults={"created_at": at})


def add_voucher(invitation_id: str, moderator_id: int, vouch: Vouch, at: datetime) -> None:
    """Insert a moderator's word."""
    Voucher.objects.create(
        invitation_id=invitation_id,
        moderator_id=moderator_id,
        answer=vouch.answer,
        seen_since=vouch.seen_since,
        at=at,
    )


# Staydown --------------------------------------------------------------------------------------


def add_staydown(
    digests: Iterable[Digest],
    case_key: str,
    at: datetime,
    *,
    decided: bool = False,
) -> None:
    """Insert digests for a case; those already there stay."""
    Staydown.objects.bulk_create(
        [
            Staydown(
                digest=one.digest,
                kind=one.kind,
                key_version=one.version,
                case_key=case_key,
                decided=decided,
                created_at=at,
            )
            for one in digests
        ],
        ignore_conflicts=True,
    )


def add_exempt(digests: Iterable[Digest], at: datetime) -> None:
    """Put digests on the negative list; those already there stay."""
    Exempt.objects.bulk_create(
        [Exempt(digest=d.digest, kind=d.kind, key_version=d.version, at=at) for d in digests],
        ignore_conflicts=True,
    )


def drop_staydown_under(versions: Iterable[str]) -> None:
    """Delete the digests under a retired key; each has a twin under the one that follows."""
    Staydown.objects.filter(key_version__in=list(versions)).delete()


def forget_staydown(case_key: str) -> None:
    """Stop watching for what a case named, as the person asked."""
    Staydown.objects.filter(case_key=case_key).delete()


def settle_staydown(case_key: str, *, removed: bool) -> None:
    """After the decision: matches refuse from now on, or the digests are forgotten."""
    rows = Staydown.objects.filter(case_key=case_key)
    if removed:
        rows.update(decided=True)
    else:
        rows.delete()
