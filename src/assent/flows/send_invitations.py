"""Send the letters that ask for consent. Run by the worker's clock, outside any transaction."""

from __future__ import annotations

import logging

from assent.consent import save
from assent.consent.invitations import by_id, letters_due
from assent.gateways import clock
from assent.gateways.mail import send_invitation
from assent.gateways.secrets import seal, unseal

log = logging.getLogger(__name__)


def send_invitations() -> int:
    """Send each waiting letter once and return how many went out.

    It is marked before it is sent: a crash in between loses a letter rather than sending it twice.
    Address and secret are forgotten with the mark: only whoever reads the letter has the link.
    """
    sent = 0
    for invitation_id in letters_due():
        found = by_id(invitation_id)
        if found is None:
            continue
        inside = unseal("invitation", found.sealed)
        kept = seal("invitation", {"name": inside.get("name", "")})
        if not save.mark_letter(invitation_id, kept, clock.now()) or not inside.get("address"):
            continue
        try:
            send_invitation(inside["address"], inside["secret"])
        except OSError:
            log.exception("An invitation could not be sent")
            continue
        sent += 1
    return sent
