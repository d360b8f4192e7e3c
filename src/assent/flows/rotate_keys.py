"""Retire the current key of staydown: the next one takes its place, nothing is forgotten."""

from __future__ import annotations

from django.db import transaction

from assent.consent import save as consent
from assent.consent.queries import staydown_under
from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import Digest
from assent.effects.apply import apply
from assent.gateways import clock, keyring
from assent.journal.append import Event

OPERATOR = Actor("operator")


def rotate_keys() -> int:
    """Wrap every digest under the next key once more, and delete those under the current one;
    return how many were wrapped. The new ring is written last: until then the old one works."""
    at = clock.now()
    old = keyring.ring()
    new = keyring.turned(old)
    with transaction.atomic():
        rows = staydown_under(c for c in old.chains if c.split(keyring.LINK)[-1] == old.next)
        for case_key, decided, one in rows:
            wrapped = Digest(
                keyring.wrapped(one.digest, one.kind, new.next),
                one.kind,
                f"{one.version}{keyring.LINK}{new.next}",
            )
            consent.add_staydown([wrapped], case_key, at, decided=decided)
        retired = [c for c in old.chains if c.split(keyring.LINK)[-1] == old.current]
        consent.drop_staydown_under(retired)
        event = Event("keys.rotated", new.current, {"digests": len(rows), "next": new.next})
        apply(Effects(), by=OPERATOR, rule="staydown.keys", at=at, events=(event,))
    keyring.keep(new)
    return len(rows)
