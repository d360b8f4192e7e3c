"""Send what was told to people who asked for a takedown, to the address that they gave, if any.

Run by the worker's clock, outside any transaction. Nothing about a letter that fails is logged but
the kind of the fault: the server's own answer would name the address.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from assent.casework.queries import Reached, reached
from assent.consent.invitations import wants_none
from assent.core.consent.asking import normalised_address
from assent.core.notices import Contact
from assent.gateways import clock, limits, secrets
from assent.gateways.contact import address_of, confirmation_code
from assent.gateways.letters import UNCONFIRMED, Facts, send
from assent.journal import save as journal
from assent.journal.queries import CaseLetter, unsent_case_letters

log = logging.getLogger(__name__)
TRIES_FOR = timedelta(days=2)
TRIES_EVERY = timedelta(minutes=10)


def send_case_letters() -> int:
    """Send each waiting letter and return how many went out; one that the mail server refuses is
    tried again for two days. The status page shows all of them whatever happens here."""
    sent = 0
    for letter in unsent_case_letters(clock.now()):
        at = clock.now()
        who = reached(letter.case)
        if not journal.mark_sent(letter.id, at) or who is None:
            continue
        address = _address(who, letter)
        if not address:
            continue
        code = confirmation_code(letter.case, address)
        facts = Facts(who.number, who.deadline, code, who.language)
        try:
            send(address, letter.template, letter.data, facts)
        except OSError as error:
            log.error("A letter about a request could not be sent: %s", type(error).__name__)
            if at - letter.at < TRIES_FOR:
                journal.mark_unsent(letter.id, at + TRIES_EVERY)
            continue
        sent += 1
    return sent


def _address(who: Reached, letter: CaseLetter) -> str:
    """Return where the letter goes, or nothing. Anybody can type anybody's address into the form,
    so one address gets few letters a day, and none that wants none."""
    if who.contact.get("kind") != Contact.EMAIL:
        return ""
    address = address_of(who.contact)
    if "@" not in address or (not who.confirmed and letter.template not in UNCONFIRMED):
        return ""
    if wants_none(secrets.keyed_digest("channel", normalised_address(address))):
        return ""
    try:
        limits.spend("letters", secrets.keyed_digest("letters", address.lower()))
    except limits.TooMany:
        return ""
    return address
