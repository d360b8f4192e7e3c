"""Sign terms in the flow that neither requester nor uploader can complete."""

from __future__ import annotations

from django.db import transaction

from assent.consent import save
from assent.consent.invitations import InvitationView
from assent.core.access import Actor
from assent.core.consent.asking import InvitationState
from assent.core.consent.plain import as_plain
from assent.core.consent.terms import SignedTerms, problems
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_nonce
from assent.gateways.secrets import seal, unseal
from assent.journal.append import Event

_NOT_YOURS = Refusal(
    "not_yours_to_sign",
    "You asked for this consent, so you cannot sign it. Only the person shown can, from a browser "
    "in which you are not signed in.",
    RefusalKind.NOT_ALLOWED,
)


def sign_terms(invitation: InvitationView, terms: SignedTerms, signed_in_as: int | None) -> None:
    """Keep what was signed, or refuse with a sentence for each field that is missing.

    Nothing counts yet: the proof that it was the person comes after.
    """
    # load
    at = clock.now()
    # think
    if signed_in_as == invitation.requester and not invitation.is_self:
        raise Refused(_NOT_YOURS)
    wrong = problems(terms, at.date())
    if wrong:
        raise Refused(
            Refusal("terms_incomplete", "A little is still missing, see below.", fields=wrong)
        )
    inside = unseal("invitation", invitation.sealed)
    sealed = seal("invitation", inside | {"terms": as_plain(terms)})
    with transaction.atomic():
        # save
        save.change(
            invitation.id,
            InvitationState.ASKED,
            state=InvitationState.SIGNED,
            signed_at=at,
            sealed=sealed,
            nonce=new_nonce(),
        )
        signed = Event("consent.signed", invitation.id, {"as": terms.signer})
        apply(Effects(), by=Actor("person"), rule="consent.signed", at=at, events=(signed,))
