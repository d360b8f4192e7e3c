"""Take a takedown notice in: what it names is hidden in the same request, before anything else.

The person needs no account. The notice is one transaction: a receipt is given only when the case
and the hiding both stand. Where the database does not answer, the notice is kept in the small
store of its own, and the receipt is given for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from assent.core.notices import NoticeForm, deadline, missing, notice_refusal
from assent.core.terms import Refused
from assent.effects.opening import Identity, Opened, new_identity, open_case
from assent.gateways import clock, intake


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes away. The PIN is shown this once and stored only as a digest."""

    number: str
    pin: str
    received_at: datetime
    deadline: datetime
    hidden: int
    searching: bool
    missing: tuple[str, ...] = ()
    kept: bool = False


def file_notice(form: NoticeForm, *, brake: bool = False) -> Receipt:
    """Open a case and hide what the notice names, or refuse with what is missing. With `brake`,
    too much came from one place: somebody looks before anything hides."""
    # load
    at = clock.now()
    # think
    refusal = notice_refusal(form)
    if refusal:
        raise Refused(refusal)
    who = new_identity(at)
    # save
    try:
        with transaction.atomic():
            opened = open_case(form, who, at, brake=brake)
    except (DatabaseError, InterfaceError):
        if connection.in_atomic_block:  # the caller's own transaction: theirs to end
            raise
        intake.keep(intake.Kept(form, who.key, who.number, who.pin_digest, at, brake))
        return _receipt(who, Opened(0, True, missing(form)), kept=True)
    return _receipt(who, opened, kept=False)


def _receipt(who: Identity, opened: Opened, *, kept: bool) -> Receipt:
    due = deadline(who.received_at, settings.TAKEDOWN_HOURS)
    return Receipt(
        who.number, who.pin, who.received_at, due,
        opened.named, opened.searching, opened.missing, kept,
    )  # fmt: skip
