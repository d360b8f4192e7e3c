"""Take another site's removal notice: its signature is checked against a listed sender's key, what
matches here is hidden until a person decides, and nothing is ever removed by it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from assent.casework import save_others
from assent.casework.others import known_removal
from assent.core.access import Actor
from assent.core.notices import locate
from assent.core.removals import (
    BYTES_MAX,
    KIND,
    MALFORMED,
    REPLAYED,
    TOO_LARGE,
    UNKNOWN_SENDER,
    WRONG_SIGNATURE,
    RemovalNotice,
    notice_of,
)
from assent.core.settlement import Effects
from assent.core.terms import Refusal, Refused
from assent.effects.apply import apply
from assent.effects.opening import budget, found_by, watch_hashes
from assent.effects.others import open_of
from assent.gateways import clock, senders
from assent.gateways.keys import new_key
from assent.journal.append import Event

STRANGER_SITE = Actor("stranger")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a notice: whether it was known, and whether anything here matches."""

    sender: str
    id: str
    known: bool
    hashes: int
    matches: bool


def take_removal(signed: bytes) -> Taken:
    """Take a notice, or refuse it. The same notice a second time changes nothing."""
    at = clock.now()
    sender, notice, digest = _verified(signed, at)
    before = known_removal(sender, notice.id)
    if before is not None:
        if before.digest != digest:
            raise Refused(REPLAYED)
        return Taken(sender, notice.id, True, len(notice.hashes), False)
    key = new_key()
    with transaction.atomic():
        save_others.take(sender, notice.id, digest, len(notice.hashes), key, at)
        matches = _watch(key, sender, notice, at)
        data = {"hashes": len(notice.hashes), "matches": matches}
        event = Event("removal.received", key, data)
        apply(Effects(), by=STRANGER_SITE, rule="removal.from_others", at=at, events=(event,))
    return Taken(sender, notice.id, False, len(notice.hashes), matches)


def _verified(signed: bytes, at: datetime) -> tuple[str, RemovalNotice, str]:
    """Return who signed it, what it says, and a digest of what it says; or refuse."""
    if len(signed) > BYTES_MAX:
        raise Refused(TOO_LARGE)
    text = signed.strip().decode("ascii", errors="replace")
    if text.count(".") != 2:
        raise Refused(MALFORMED)
    sender = senders.sender_of(text)
    if sender is None:
        raise Refused(UNKNOWN_SENDER)
    found = senders.claims_of(text, sender, KIND)
    if found is None:
        raise Refused(WRONG_SIGNATURE)
    notice = notice_of(found, settings.SITE_URL, at)
    if isinstance(notice, Refusal):
        raise Refused(notice)
    # Signed anew for another try, a notice has another signature and another moment.
    said = repr((notice.issuer, notice.audience, notice.id, sorted(notice.hashes)))
    return sender.name, notice, hashlib.sha256(said.encode()).hexdigest()


def _watch(key: str, sender: str, notice: RemovalNotice, at: datetime) -> bool:
    """Hide what matches, under a case that a person decides; where nothing does, keep watch."""
    located = locate(notice.hashes)
    _, found = found_by(located, budget(at))
    if found.ids or found.beyond:
        open_of(key, sender, notice.hashes, at)
        return True
    watch_hashes(located, key, at)
    return False
