"""Take consent back, or let it end sooner: no reason, no account, at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from assent.consent import save
from assent.consent.queries import GrantView
from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import ConsentStatus, Refusal, Refused
from assent.effects.apply import apply
from assent.effects.ended import ENDED, ended
from assent.gateways import clock
from assent.journal.append import Event


def withdraw_consent(grant: GrantView) -> None:
    """End a grant now, with everything that rests on it; nothing happens if it had ended."""
    at = clock.now()
    with transaction.atomic():
        if not save.end_grant(grant.id, ConsentStatus.WITHDRAWN, at):
            return
        withdrawn = Event("consent.withdrawn", grant.person_key, {"grant": grant.id})
        effects = ended([grant.id], at)
        apply(effects, by=Actor(grant.person_key), rule=ENDED.rule, at=at, events=(withdrawn,))


def shorten_consent(grant: GrantView, last_day: date) -> None:
    """Let a grant end on an earlier day than was agreed, or refuse."""
    at = clock.now()
    if not at.date() <= last_day < grant.ends_on:
        sentence = "Choose a day from today on, before the day on which it ends now."
        raise Refused(Refusal("check_the_form", sentence, fields={"last_day": sentence}))
    with transaction.atomic():
        if save.shorten_grant(grant.id, last_day):
            shorter = Event("consent.shortened", grant.person_key, {"grant": grant.id})
            by = Actor(grant.person_key)
            apply(Effects(), by=by, rule="consent.shortened", at=at, events=(shorter,))
