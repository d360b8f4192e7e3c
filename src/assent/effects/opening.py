"""Opens a takedown case: what a notice names exactly is hidden in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.misuse import is_braked
from assent.catalogue import context
from assent.consent import save as consent
from assent.consent.queries import exempt
from assent.consent.save_protected import protect
from assent.core.access import A_STRANGER
from assent.core.casework import Placement, Ruling
from assent.core.misuse import SENSITIVE_DETAILS as SENSITIVE
from assent.core.notices import Located, NoticeForm, deadline, locate, missing, names_given
from assent.core.settlement import Effects, Tell
from assent.core.terms import CaseState
from assent.effects.apply import apply
from assent.effects.hiding import Reach, hide, reach
from assent.effects.looking import told_to_look
from assent.effects.minors import told_operators
from assent.gateways.contact import sealed_contact, sender_digest
from assent.gateways.keyring import file_lookups, stored
from assent.gateways.keys import new_case_number, new_key, new_pin
from assent.gateways.secrets import name_keys, pin_digest
from assent.journal.append import Event

HIDDEN = Ruling(Placement.HOLD, "takedown.hide_first", "hidden_on_request", "", "")
TRIAGE_HOURS = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a case: its random key, and the number and PIN that only the person has."""

    key: str
    number: str
    pin: str
    pin_digest: str
    received_at: datetime


def new_identity(at: datetime) -> Identity:
    """Throw the dice for a case received now."""
    pin = new_pin()
    return Identity(new_key(), new_case_number(), pin, pin_digest(pin), at)


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a notice: how many of the named items hide, and what is for people."""

    named: int
    searching: bool
    missing: tuple[str, ...]


def open_case(
    form: NoticeForm, who: Identity, at: datetime, *, source: str = "person", brake: bool = False
) -> Opened:
    """Open the case and hide what the notice names; must run inside a transaction. The clock runs
    from `who.received_at`. With `brake`, nothing hides before somebody has looked."""
    slowed = is_slowed(form.contact, form.details, at)
    brake = brake or slowed
    located = locate(form.where, _hashes(form))
    named, found = found_by(located, 0 if brake else budget(at))
    waits = found.beyond > 0 or named < len(located.ids)
    searching = bool(located.words) or waits
    lacks = missing(form)
    looks = told_to_look() if waits or brake else ()
    case = casework.NewCase(
        who.key,
        who.number,
        who.pin_digest,
        who.received_at,
        deadline(who.received_at, settings.TAKEDOWN_HOURS),
        CaseState.HIDDEN if found.ids else CaseState.RECEIVED,
        searching,
        source,
        lacks,
        at + timedelta(hours=TRIAGE_HOURS) if waits or brake else None,
        waits or brake,
    )
    casework.add_case(case, replace(form, contact=sealed_contact(form.contact)))
    moves = hide(who.key, found.found, HIDDEN, actor=None, at=at)
    watch_hashes(located, who.key, at)
    names = names_given(located.words)
    if names and (form.details or {}).get("protect"):
        protect(names, who.key, name_keys(), at, decided=False)
    counts = {"named": named, "copies": len(found.ids) - named}
    opened = Event("case.received", who.key, counts | ({"slowed": 1} if slowed else {}))
    told = [Tell(None, "case_received", {"hidden": named}, case=who.key), *looks]
    told += told_operators() if (form.details or {}).get("under_18") else ()
    apply(
        Effects(moves=moves, messages=tuple(told)),
        by=A_STRANGER,
        rule=HIDDEN.rule,
        at=at,
        events=(opened,),
    )
    return Opened(named, searching, lacks)


def is_slowed(
    contact: Mapping[str, str] | None, details: Mapping[str, object] | None, at: datetime
) -> bool:
    """Return whether a person looks first because of what was found about this contact. Never where
    it is about something nude or sexual, somebody under 18 or danger: see `core.misuse`."""
    if any((details or {}).get(name) for name in SENSITIVE):
        return False
    sender = sender_digest(contact)
    return bool(sender) and is_braked(sender, at)


def _hashes(form: NoticeForm) -> list[str]:
    sent = (form.details or {}).get("hashes") or []
    return [str(one) for one in sent] if isinstance(sent, list | tuple) else []


def found_by(located: Located, most: int) -> tuple[int, Reach]:
    """Links and ids first, then copies of them, then what has one of the hashes."""
    named = context.known_ids(located.ids)[:most]
    found = reach(named, "named", most)
    seen = set(found.ids)
    sums = [h for h in located.hashes if not h.startswith("t1:")]
    tensors = [h for h in located.hashes if h.startswith("t1:")]
    by_hash = [i for i in context.holding(*_telling(sums, tensors)) if i not in seen]
    room = max(0, most - len(named) - len(found.found["copy"]))
    beyond = found.beyond + max(0, len(by_hash) - room)
    return len(named), Reach({**found.found, "hash": by_hash[:room]}, beyond)


def _telling(sums: list[str], tensors: list[str]) -> tuple[list[str], list[str]]:
    out = exempt(d for h in sums for d in file_lookups(h, ""))
    out |= exempt(d for h in tensors for d in file_lookups("", h))
    return (
        [h for h in sums if out.isdisjoint(file_lookups(h, ""))],
        [h for h in tensors if out.isdisjoint(file_lookups("", h))],
    )


def watch_hashes(located: Located, case_key: str, at: datetime) -> None:
    """A hash holds its file back from now on, also where nobody has put it here yet."""
    for one in located.hashes:
        kind = "tensors" if one.startswith("t1:") else "sha256"
        consent.add_staydown(stored(kind, one), case_key, at)


def budget(at: datetime) -> int:
    """How many items may still be hidden without a person looking: a brake on emptying the shop.
    What is beyond it goes to a person within the hour, never to a refusal."""
    lately = cases.hidden_since(at - timedelta(hours=1))
    left = settings.TAKEDOWN_HIDES_PER_HOUR - lately
    return max(0, min(settings.TAKEDOWN_HIDES_PER_NOTICE, left))
