"""Who looks at a page, as the rules see them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from assent.core.access import STRANGER, Allowed, Facts, Person, Verb, may, role_in_force
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.gateways import clock
from assent.people.queries import Member, by_id
from assent.web.second_factor import is_proved

SIGN_IN = Refusal("sign_in", "Please sign in first.", RefusalKind.SIGN_IN)


def viewer(request: HttpRequest) -> Person:
    """Return who asks; somebody without a log-in is a stranger. A role with power counts only in
    a session that has proved a second factor, and until its time is over."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return STRANGER
    role = Role(user.role)
    if role is not Role.MEMBER:
        over = user.role_until is not None and user.role_until <= clock.now()
        role = role_in_force(role, proved=is_proved(request), over=over)
    return Person(user.pk, role)


def member(request: HttpRequest) -> Member:
    """Return the log-in that asks, with the role that counts, or refuse a stranger."""
    person = viewer(request)
    if person.id is None:
        raise Refused(SIGN_IN)
    return replace(by_id(person.id), role=person.role)


def can(person: Person, facts: Facts) -> dict[str, bool]:
    """Return for every verb whether the person may do it: what a page offers."""
    return {verb.value: isinstance(may(person, verb, facts), Allowed) for verb in Verb}
