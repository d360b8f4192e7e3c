"""Say no to an invitation, or never again. Neither shows anywhere the requester can look."""

from __future__ import annotations

from django.db import transaction

from assent.consent import save
from assent.consent.invitations import InvitationView
from assent.core.access import Actor
from assent.core.consent.asking import InvitationState
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event


def refuse_invitation(invitation: InvitationView, *, never: bool) -> None:
    """End an open invitation; with `never`, no letter goes to this address again."""
    at = clock.now()
    after = InvitationState.BLOCKED if never else InvitationState.REFUSED
    with transaction.atomic():
        save.change(invitation.id, invitation.state, state=after, sealed="")
        if never:
            save.never_contact(invitation.channel_digest, at)
        refused = Event("consent.refused", invitation.id)
        apply(Effects(), by=Actor("person"), rule="consent.no", at=at, events=(refused,))


def open_invitation(invitation: InvitationView) -> None:
    """Remember when the person first had the terms before them: their time to think runs from
    here."""
    save.mark_presented(invitation.id, clock.now())
