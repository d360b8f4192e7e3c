"""Who a log-in is, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from assent.core.access import Person, Scope, role_in_force
from assent.core.settlement import Party
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.people.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Member:
    """A log-in as flows and pages see it."""

    id: int
    name: str
    role: Role
    key: str
    about: str
    joined_at: datetime

    @property
    def person(self) -> Person:
        """The member as access rules see them."""
        return Person(self.id, self.role)

    @property
    def party(self) -> Party:
        """The member as money sees them."""
        return Party(self.id, self.key)


def _member(user: User) -> Member:
    return Member(
        user.pk, user.username, Role(user.role), user.journal_key, user.about, user.date_joined
    )


def by_id(user_id: int) -> Member:
    """Return an active member by id, or refuse."""
    return _found(User.objects.filter(pk=user_id, is_active=True).first())


def staff_ids() -> list[int]:
    """Return the ids of moderators and operators, who work on cases."""
    staff = [r for r in Role if r.is_staff]
    rows = User.objects.filter(role__in=staff, is_active=True).order_by("id")
    return list(rows.values_list("id", flat=True))


def operator_ids() -> list[int]:
    """Return the ids of operators."""
    rows = User.objects.filter(role=Role.OPERATOR, is_active=True).order_by("id")
    return list(rows.values_list("id", flat=True))


def by_name(name: str) -> Member:
    """Return an active member by name, or refuse."""
    return _found(User.objects.filter(username__iexact=name, is_active=True).first())


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for, with the role that it counts for, and what it may be used for."""

    id: int
    member: Member
    scopes: frozenset[Scope]
    used_on: date | None


def addresses_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return the e-mail addresses of log-ins. For flows alone."""
    rows = User.objects.filter(pk__in=list(user_ids))
    return dict(rows.values_list("pk", "email"))


def by_token(token: str) -> Bearer | None:
    """Return whom this bearer token stands for; None for an unknown one."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=token_digest(token), user__is_active=True)
        .first()
    )
    if row is None:
        return None
    scopes = _scopes(row)
    member = _member(row.user)
    role = role_in_force(member.role, proved=Scope.STAFF in scopes)
    return Bearer(row.pk, replace(member, role=role), scopes, row.last_used_on)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; the secret itself is not kept."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_on: date | None


def tokens_of(user_id: int) -> list[Token]:
    """Return the member's tokens, newest first."""
    rows = ApiToken.objects.filter(user_id=user_id).order_by("-id")
    return [
        Token(
            r.pk, r.name, tuple(s for s in Scope if s in _scopes(r)), r.created_at, r.last_used_on
        )
        for r in rows
    ]


def _scopes(row: ApiToken) -> frozenset[Scope]:
    return frozenset({Scope.READ, *(Scope(word) for word in row.scopes.split())})


def token_digest(token: str) -> str:
    """Return what is stored of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that is signed in. `network` is where it signed in from, without the last part
    of its address."""

    id: int
    browser: str
    network: str
    since: datetime
    is_this: bool


def sessions_of(user_id: int, this: str, at: datetime) -> list[SignedIn]:
    """Return the member's sessions that have not run out, newest first; `this` is the key of the
    session that asks."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    rows = UserSession.objects.filter(user_id=user_id, session_key__in=alive)
    return [
        SignedIn(r.pk, r.user_agent, r.ip, r.created_at, r.session_key == this)
        for r in rows.order_by("-created_at")
    ]


def _found(user: User | None) -> Member:
    if user is None:
        raise Refused(Refusal("not_found", "There is nobody of this name.", RefusalKind.NOT_FOUND))
    return _member(user)
