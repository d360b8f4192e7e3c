"""Somebody shows that they are reached by what the notice gave: by the code of a letter, or because
a case worker reached them that way. From then on the status page tells more."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER, Actor
from assent.core.notices import Contact
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.contact import address_of, confirmation_code, sealed_contact
from assent.gateways.secrets import same
from assent.journal.append import Event
from assent.people.queries import Member

ADDRESS_MAX = 300
_WRONG = Refusal("wrong_code", "This is not the code of our last letter. Please look again.")
_NO_ADDRESS = Refusal("check_the_form", "Please write an e-mail address, or leave it empty.")
_NOBODY = Refusal("no_contact", "They chose to be reached on this site only.", RefusalKind.CONFLICT)


def confirm_contact(case: CaseStatus, code: str) -> None:
    """Take the code from a letter, or refuse a wrong one."""
    who = cases.reached(case.key)
    address = address_of(who.contact) if who else ""
    if not address or not same(_plain(confirmation_code(case.key, address)), _plain(code)):
        raise Refused(_WRONG)
    _confirm(case.key, A_STRANGER)


def confirm_reached(moderator: Member, number: str) -> None:
    """A case worker reached the person, or the agent, by the way that the notice names."""
    file = cases.case_file(moderator.person, number)
    if (file.contact or {}).get("kind", Contact.BOX) == Contact.BOX:
        raise Refused(_NOBODY)
    _confirm(file.status.key, Actor(moderator.key, moderator.id))


def change_contact(case: CaseStatus, address: str) -> None:
    """Write to this e-mail address from now on, or, where it is empty, nowhere."""
    plain = address.strip()
    if plain and ("@" not in plain or len(plain) > ADDRESS_MAX or any(c.isspace() for c in plain)):
        raise Refused(_NO_ADDRESS)
    contact = {"kind": Contact.EMAIL if plain else Contact.BOX, "value": plain}
    told = (Tell(None, "case_code", case=case.key),) if plain else ()
    with transaction.atomic():
        answers.set_contact(case.key, sealed_contact(contact))
        event = Event("case.contact_changed", case.key)
        apply(
            Effects(messages=told), by=A_STRANGER, rule="takedown.contact", at=clock.now(),
            events=(event,),
        )  # fmt: skip


def _confirm(key: str, by: Actor) -> None:
    at = clock.now()
    with transaction.atomic():
        if answers.confirm(key, at):
            event = Event("case.confirmed", key)
            apply(Effects(), by=by, rule="takedown.contact", at=at, events=(event,))


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())[:40]
