"""The person shows that a public page is theirs: it carries a word that only they were given."""

from __future__ import annotations

from django.db import transaction

from assent.consent import save
from assent.consent.invitations import InvitationView
from assent.core.access import Actor
from assent.core.consent.asking import InvitationState
from assent.core.consent.channels import channel_refusal, shows
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.channels import UnseenError, look
from assent.gateways.secrets import keyed_digest, seal, unseal
from assent.journal.append import Event

_NOT_THERE = "We looked at the page and did not find the word. It may take a minute to appear."


def show_channel(invitation: InvitationView, url: str) -> None:
    """Look at the page, and remember that it showed the word, or refuse with what we saw."""
    # load: fetched outside any transaction
    at = clock.now()
    if invitation.state is not InvitationState.SIGNED:
        raise Refused(Refusal("sign_first", "Please sign the terms first.", RefusalKind.CONFLICT))
    refusal = channel_refusal(url)
    if refusal is not None:
        raise Refused(refusal)
    try:
        page = look(url)
    except UnseenError as error:
        sentence = f"We could not look at this page: {error}."
        raise Refused(Refusal("page_unseen", sentence, fields={"url": sentence})) from error
    # think
    if not shows(page.text, invitation.nonce):
        raise Refused(Refusal("nonce_unseen", _NOT_THERE, fields={"url": _NOT_THERE}))
    # save
    sealed = seal("invitation", unseal("invitation", invitation.sealed) | {"url": url.strip()})
    digest = keyed_digest("page", url.strip().rstrip("/").casefold())
    with transaction.atomic():
        save.change(
            invitation.id,
            InvitationState.SIGNED,
            nonce_seen_at=at,
            sealed=sealed,
            page_digest=digest,
        )
        seen = Event("consent.channel_shown", invitation.id)
        apply(Effects(), by=Actor("person"), rule="consent.nonce", at=at, events=(seen,))
