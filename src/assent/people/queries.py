"""Who a log-in is, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q

from assent.core import agreement
from assent.core.access import Person, Scope, role_in_force
from assent.core.settlement import Party
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.people.models import Agreement, ApiToken, User


@dataclass(frozen=True, slots=True)
class Member:
    """A log-in as flows and pages see it."""

    id: int
    name: str
    role: Role
    key: str
    about: str
    joined_at: datetime
    role_until: datetime | None = None

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
        user.pk, user.username, Role(user.role), user.journal_key, user.about, user.date_joined,
        user.role_until,
    )  # fmt: skip


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
    # A reviewer looks at pages, where each look is written down: no token stands for one.
    proved = Scope.STAFF in scopes and member.role is not Role.REVIEWER
    role = role_in_force(member.role, proved=proved)
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


@dataclass(frozen=True, slots=True)
class Agreed:
    """A version of the agreement for uploaders, the SHA-256 of its words, and when somebody
    accepted it."""

    version: str
    digest: str
    at: datetime


def agreed_to(user_id: int) -> list[Agreed]:
    """Return what a member accepted, the latest first."""
    rows = Agreement.objects.filter(user_id=user_id).order_by("-at")
    return [Agreed(row.version, row.digest, row.at) for row in rows]


def has_agreed(user_id: int) -> bool:
    """Return whether a member accepted the agreement as it is now."""
    return Agreement.objects.filter(user_id=user_id, digest=agreement.digest()).exists()


def reviewers(at: datetime) -> int:
    """Return how many reviewers' log-ins are in force."""
    found = User.objects.filter(role=Role.REVIEWER, is_active=True)
    return found.filter(Q(role_until=None) | Q(role_until__gt=at)).count()


def require_agreement(user_id: int) -> None:
    """Refuse where a member has not accepted the agreement as it is now."""
    if not has_agreed(user_id):
        raise Refused(agreement.NEEDED)


def without_agreement(user_ids: Iterable[int]) -> set[int]:
    """Return those of these members who have not accepted the agreement as it is now."""
    asked = set(user_ids)
    signed = Agreement.objects.filter(user_id__in=asked, digest=agreement.digest())
    return asked - set(signed.values_list("user_id", flat=True))


def key_and_name(user_id: int) -> tuple[str, str]:
    """Return the random key and the name of a log-in, whether or not it is still in use."""
    row = User.objects.get(pk=user_id)
    return row.journal_key, row.username
