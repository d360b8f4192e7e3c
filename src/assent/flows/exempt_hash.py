"""Put a hash on the negative list: it turned out to be of something that everybody uses, such as a
base model, so that it hides and stops nothing any more. Operators alone, and never the hash of what
was removed because it showed somebody."""

from __future__ import annotations

from django.db import transaction

from assent.consent import save as consent
from assent.consent.queries import staydown_cases
from assent.core.access import Actor, Denied, may_run_sweeps
from assent.core.notices import locate
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keyring import file_lookups, stored
from assent.journal.append import Event
from assent.people.queries import Member

_NO_HASH = Refusal(
    "check_the_form",
    "Paste one SHA-256 of a file, or a tensor hash that begins with t1:",
    fields={"hash": "Paste one SHA-256 of a file, or a tensor hash that begins with t1:"},
)
_REMOVED = Refusal(
    "removed_hash",
    "This is the hash of something that was removed because it showed a real person. It stays "
    "stopped; if that was wrong, the way is the case's complaint or the owner's objection.",
    RefusalKind.CONFLICT,
)


def exempt_hash(operator: Member, text: str) -> None:
    """Let a hash stop nothing any more, or refuse. What is hidden is decided in its case."""
    answer = may_run_sweeps(operator.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    hashes = locate([text.strip()]).hashes
    if len(hashes) != 1:
        raise Refused(_NO_HASH)
    (one,) = hashes
    kind = "tensors" if one.startswith("t1:") else "sha256"
    looked_up = file_lookups("", one) if kind == "tensors" else file_lookups(one, "")
    if any(decided for _, decided in staydown_cases(looked_up)):
        raise Refused(_REMOVED)
    at = clock.now()
    with transaction.atomic():
        consent.add_exempt(stored(kind, one), at)
        by = Actor(operator.key, operator.id)
        event = Event("hash.exempted", operator.key, {"kind": kind})
        apply(Effects(), by=by, rule="staydown.negative_list", at=at, events=(event,))
