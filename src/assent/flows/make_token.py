"""Make an API token for a member."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor, Denied, Scope, may_make_token
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_token
from assent.journal.append import Event
from assent.people import save as people
from assent.people.queries import Member, by_name, tokens_of

DEFAULT = frozenset({Scope.READ, Scope.WRITE})
MOST = 20
_ENOUGH = Refusal(
    "too_many_tokens",
    f"You have {MOST} tokens. Revoke one that you do not use any more.",
    RefusalKind.CONFLICT,
)


def make_token(
    who: str | Member,
    label: str = "",
    scopes: frozenset[Scope] = DEFAULT,
    *,
    by: Actor | None = None,
) -> str:
    """Return a new bearer token for the member, who is shown it this once. `who` is a member with
    the role that counts where they ask themselves, or a name where the operator asks for them."""
    at = clock.now()
    member = by_name(who) if isinstance(who, str) else who
    answer = may_make_token(member.person, scopes)
    if isinstance(answer, Denied):
        raise Refused(Refusal("not_allowed", answer.reason, answer.kind))
    token = new_token()
    with transaction.atomic():
        if len(tokens_of(member.id)) >= MOST:
            raise Refused(_ENOUGH)
        people.add_token(member.id, token, label.strip()[:60], scopes, at)
        made = Event("token.made", member.key, {"scopes": sorted(scopes)})
        apply(Effects(), by=by or Actor("operator"), rule="token.made", at=at, events=(made,))
    return token
