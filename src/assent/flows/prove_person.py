"""The proof that it was the person: moderators who know the channel, or a verifier's signed word.
With it the grant comes into force."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from assent.consent import save
from assent.consent.invitations import InvitationView, by_id
from assent.core.access import Actor, Denied, may_use_queue
from assent.core.consent.asking import InvitationState
from assent.core.consent.channels import Claim, Vouch, VouchAnswer, is_proved, vouch_refusal
from assent.core.consent.plain import from_plain
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.effects.granted import Proved, grant
from assent.gateways import clock
from assent.gateways.secrets import seal, unseal
from assent.gateways.verifier import word_of
from assent.journal.append import Event
from assent.people import queries as people
from assent.people.queries import Member

_GONE = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)


def vouch(
    moderator: Member, invitation_id: str, answer: VouchAnswer, seen_since: date | None
) -> bool:
    """Keep a moderator's word, and return whether the grant is in force now; or refuse."""
    # load
    at = clock.now()
    _require_moderator(moderator)
    with transaction.atomic():
        found = by_id(invitation_id)
        if found is None or found.state is not InvitationState.SIGNED:
            raise Refused(_GONE)
        # think
        said = Vouch(moderator.key, answer, seen_since)
        claim = Claim(found.requester_key, found.asked_on, found.nonce_seen_at is not None)
        refusal = vouch_refusal(said, claim, found.vouches)
        if refusal is not None:
            raise Refused(refusal)
        proved = is_proved((*found.vouches, said))
        # save
        save.add_voucher(found.id, moderator.id, said, at)
        by = Actor(moderator.key, moderator.id)
        word = Event("consent.vouched", found.id, {"answer": answer.value})
        if proved:
            _grant(found, "channel and two moderators", by, (word,))
        elif answer is VouchAnswer.NO:
            _end(found, by, word)
        else:
            apply(Effects(), by=by, rule="consent.vouch", at=at, events=(word,))
    return proved


def _require_moderator(moderator: Member) -> None:
    answer = may_use_queue(moderator.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


def take_word(invitation: InvitationView, signed: str) -> None:
    """Take a verifier's signed word for this invitation, or refuse."""
    vouched = word_of(signed, invitation.nonce, clock.now())
    with transaction.atomic():
        word = Event("consent.vouched", invitation.id, {"verifier": vouched.verifier})
        _grant(invitation, f"verifier {vouched.verifier}", Actor("verifier"), (word,))


def _grant(found: InvitationView, proof: str, by: Actor, events: tuple[Event, ...]) -> None:
    at = clock.now()
    inside = unseal("invitation", found.sealed)
    assert found.signed_at is not None
    proved = Proved(proof[:60], found.presented_at, found.signed_at, found.id, found.page_digest)
    requester = people.by_id(found.requester)
    granted = grant(requester.party, from_plain(inside["terms"]), proved)
    # What only the proof needed is not kept after it.
    kept = seal("invitation", {"name": inside.get("name", "")})
    save.change(found.id, InvitationState.SIGNED, state=InvitationState.PROVED, sealed=kept)
    apply(granted.effects, by=by, rule="consent.proved", at=at, events=(*events, granted.event))


def _end(found: InvitationView, by: Actor, word: Event) -> None:
    """A moderator says that it is somebody else's channel: the invitation ends unproved."""
    save.change(found.id, InvitationState.SIGNED, state=InvitationState.LAPSED, sealed="")
    apply(Effects(), by=by, rule="consent.unproved", at=clock.now(), events=(word,))
