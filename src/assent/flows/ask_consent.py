"""Ask somebody for consent: no word of the requester's reaches them, and one letter is all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.consent import save
from assent.consent.invitations import sent_before
from assent.core.access import Actor
from assent.core.consent.asking import VALID_DAYS, asking, normalised_address
from assent.core.settlement import Effects
from assent.core.terms import Refusal, Refused, WorkType
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id, new_link_secret
from assent.gateways.secrets import keyed_digest, link_digest, seal
from assent.journal.append import Event
from assent.people.queries import Member

NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Ask:
    """What a requester wants: whose likeness, for which kind of work, for how long. `is_self` says
    that they mean themselves, which takes the same proof as anyone else's."""

    name: str
    address: str
    work_type: str
    days: int
    is_self: bool = False

    @property
    def proposal(self) -> Mapping[str, Any]:
        """What the person is shown as asked for: coded answers, no text."""
        return {"work_type": self.work_type, "days": self.days}


def ask_consent(requester: Member, ask: Ask) -> str:
    """Take the request and return its id, or refuse. For oneself the id is followed by a colon and
    the secret of the private link, which is shown once; nobody else's secret is ever returned."""
    # load
    at = clock.now()
    require_not_suspended(requester.id, at)
    refusal = _refusal(ask)
    if refusal:
        raise Refused(refusal)
    channel = keyed_digest("channel", normalised_address(ask.address))
    with transaction.atomic():
        before = sent_before(requester.id, channel, at)
        # think
        answer = asking(before)
        if answer.refusal is not None and not ask.is_self:
            raise Refused(answer.refusal)
        # save
        invitation, secret = new_item_id(), new_link_secret()
        letter = answer.letter and not ask.is_self
        save.add(_new(invitation, secret, requester, ask, channel, letter=letter), at)
        asked = Event("consent.requested", invitation, {"self": ask.is_self})
        by = Actor(requester.key, requester.id)
        apply(Effects(), by=by, rule="consent.asked", at=at, events=(asked,))
    return f"{invitation}:{secret}" if ask.is_self else invitation


def _new(
    invitation: str, secret: str, requester: Member, ask: Ask, channel: str, *, letter: bool
) -> save.NewInvitation:
    sealed = {"name": ask.name.strip()}
    if letter:  # kept only until the letter is out
        sealed |= {"address": ask.address.strip(), "secret": secret}
    # Oneself may begin anew; anyone else is asked once by one requester.
    own = f"{channel[:40]}:{invitation}" if ask.is_self else channel
    return save.NewInvitation(
        invitation,
        requester.id,
        ask.is_self,
        own,
        link_digest(secret),
        seal("invitation", sealed),
        ask.proposal,
        letter,
    )


def _refusal(ask: Ask) -> Refusal | None:
    found = {}
    if not 0 < len(ask.name.strip()) <= NAME_MAX:
        found["name"] = "Write the name that people know them by."
    if ask.work_type not in list(WorkType):
        found["work_type"] = "Choose what kind of work this is."
    if not VALID_DAYS <= ask.days <= 3650:
        found["days"] = "Ask for between 30 days and ten years."
    try:
        validate_email(ask.address.strip())
    except ValidationError:
        found["channel"] = "Give an e-mail address that reaches them."
    if found:
        return Refusal("check_the_form", "Some of this needs another look.", fields=found)
    return None
