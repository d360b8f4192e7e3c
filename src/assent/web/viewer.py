"""Who looks at a page, as the rules see them."""

from __future__ import annotations

from django.http import HttpRequest

from assent.core.access import STRANGER, Allowed, Facts, Person, Verb, may
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.people.queries import Member, by_id

SIGN_IN = Refusal("sign_in", "Please sign in first.", RefusalKind.SIGN_IN)


def viewer(request: HttpRequest) -> Person:
    """Return who asks; somebody without a log-in is a stranger."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return STRANGER
    return Person(user.pk, Role(user.role))


def member(request: HttpRequest) -> Member:
    """Return the log-in that asks, or refuse a stranger."""
    person = viewer(request)
    if person.id is None:
        raise Refused(SIGN_IN)
    return by_id(person.id)


def can(person: Person, facts: Facts) -> dict[str, bool]:
    """Return for every verb whether the person may do it: what a page offers."""
    return {verb.value: isinstance(may(person, verb, facts), Allowed) for verb in Verb}
