"""Write down an official matter, that its sender was told, and how it ended."""

from __future__ import annotations

from django.db import transaction

from assent.casework import matters, save
from assent.core.access import Actor
from assent.core.official import MatterForm, matter_refusal
from assent.core.settlement import Effects
from assent.core.terms import Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

_NO_OUTCOME = Refusal("check_the_form", "Choose how it ended.")


def write_matter(staff: Member, form: MatterForm) -> str:
    """Keep a matter and return its id, or refuse. The journal gets what may be counted: its kind,
    country and category, and when it arrived."""
    at = clock.now()
    matters.matters(staff.person)
    refusal = matter_refusal(form, at)
    if refusal:
        raise Refused(refusal)
    matter_id = new_item_id()
    data = {
        "kind": form.kind.value,
        "country": form.country,
        "category": form.category,
        "arrived": form.received_at.isoformat(timespec="minutes"),
    }
    with transaction.atomic():
        save.add_matter(matter_id, form, at)
        _note(staff, Event("matter.received", matter_id, data))
    return matter_id


def acknowledge_matter(staff: Member, matter_id: str) -> None:
    """Note that its sender was told that it arrived, or refuse."""
    matters.matter(staff.person, matter_id)
    with transaction.atomic():
        save.acknowledge_matter(matter_id, clock.now())
        _note(staff, Event("matter.acknowledged", matter_id))


def close_matter(staff: Member, matter_id: str, outcome: str) -> None:
    """Note how it ended, or refuse."""
    found = matters.matter(staff.person, matter_id)
    if outcome not in found.form.kind.outcomes:
        raise Refused(_NO_OUTCOME)
    with transaction.atomic():
        save.close_matter(matter_id, outcome, clock.now())
        _note(staff, Event("matter.closed", matter_id, {"outcome": outcome}))


def _note(staff: Member, event: Event) -> None:
    by = Actor(staff.key, staff.id)
    apply(Effects(), by=by, rule="official.matter", at=clock.now(), events=(event,))
