"""Reads invitations. What is sealed in them stays sealed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assent.consent.models import Invitation, NeverContact
from assent.core.consent.asking import VALID_DAYS, InvitationState, Sent
from assent.core.consent.channels import Vouch, VouchAnswer


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as flows and the person's own pages see it."""

    id: str
    requester: int
    requester_key: str
    requester_name: str
    state: InvitationState
    is_self: bool
    channel_digest: str
    sealed: str
    proposal: Mapping[str, Any]
    created_at: datetime
    presented_at: datetime | None
    signed_at: datetime | None
    nonce: str
    nonce_seen_at: datetime | None
    page_digest: str
    vouches: tuple[Vouch, ...]

    @property
    def asked_on(self) -> date:
        """The day of the request."""
        return self.created_at.date()


def by_link(link_digest: str) -> InvitationView | None:
    """Return the invitation behind a private link."""
    return _view(_rows().filter(link_digest=link_digest).first())


def by_id(invitation_id: str) -> InvitationView | None:
    """Return one invitation. For flows and staff pages, which ask for permission themselves."""
    return _view(_rows().filter(id=invitation_id).first())


def asked_by(user_id: int) -> list[InvitationView]:
    """Return what a requester asked for, newest first."""
    rows = _rows().filter(requester_id=user_id).order_by("-created_at")
    return [view for row in rows if (view := _view(row))]


def waiting_for_vouchers() -> list[InvitationView]:
    """Return what is signed and waits for moderators, oldest first."""
    rows = _rows().filter(state=InvitationState.SIGNED, nonce_seen_at__isnull=False)
    return [view for row in rows.order_by("nonce_seen_at") if (view := _view(row))]


def letters_due(limit: int = 100) -> list[str]:
    """Return the ids of invitations whose letter has not gone out."""
    due = Invitation.objects.filter(letter_due=True, letter_at=None).order_by("created_at")
    return list(due.values_list("id", flat=True)[:limit])


def sent_before(requester: int, channel_digest: str, at: datetime) -> Sent:
    """Return what was asked before, as the rules want to know it."""
    mine = Invitation.objects.filter(requester_id=requester, is_self=False)
    letters = Invitation.objects.filter(channel_digest=channel_digest, letter_due=True)
    return Sent(
        mine.filter(created_at__gt=at - timedelta(days=1)).count(),
        letters.filter(created_at__gt=at - timedelta(days=30)).count(),
        mine.filter(channel_digest=channel_digest).count(),
        NeverContact.objects.filter(channel_digest=channel_digest).exists(),
    )


def wants_none(channel_digest: str) -> bool:
    """Return whether whoever is reached there wants no letters."""
    return NeverContact.objects.filter(channel_digest=channel_digest).exists()


def lapsed(at: datetime) -> list[str]:
    """Return the ids of invitations that were left unanswered too long."""
    old = Invitation.objects.filter(
        state__in=[s for s in InvitationState if s.is_open],
        created_at__lt=at - timedelta(days=VALID_DAYS),
    )
    return list(old.values_list("id", flat=True))


def _rows() -> Any:  # noqa: ANN401 - a queryset with its joins
    return Invitation.objects.select_related("requester").prefetch_related("vouchers__moderator")


def _view(row: Invitation | None) -> InvitationView | None:
    if row is None:
        return None
    vouches = tuple(
        Vouch(v.moderator.journal_key, VouchAnswer(v.answer), v.seen_since)
        for v in row.vouchers.all()
    )
    return InvitationView(
        row.id, row.requester_id, row.requester.journal_key, row.requester.username,
        InvitationState(row.state), row.is_self, row.channel_digest, row.sealed, row.proposal,
        row.created_at, row.presented_at, row.signed_at, row.nonce, row.nonce_seen_at,
        row.page_digest, vouches,
    )  # fmt: skip
