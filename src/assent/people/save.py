"""Writes log-ins and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from assent.core.access import Scope
from assent.core.agreement import VERSION, digest
from assent.core.terms import Role
from assent.people.belongings import rows_about
from assent.people.models import Agreement, ApiToken, IdempotentReply, OpenReply, User
from assent.people.queries import Member, by_id, token_digest


def add_member(
    name: str, email: str, password: str, role: Role, until: datetime | None = None
) -> Member:
    """Insert a log-in (the sign-up page does this through the auth library instead), whose role
    counts `until` then. Whoever adds somebody vouches for their address."""
    user = User.objects.create_user(name, email, password, role=role, role_until=until)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return by_id(user.pk)


def add_agreement(user_id: int, at: datetime) -> bool:
    """Keep that a member accepted the agreement as it is now; False where that was known."""
    _, added = Agreement.objects.get_or_create(
        user_id=user_id, version=VERSION, defaults={"digest": digest(), "at": at}
    )
    return added


def add_token(user_id: int, token: str, name: str, scopes: frozenset[Scope], at: datetime) -> None:
    """Keep the digest of a new bearer token."""
    words = " ".join(sorted(scopes))
    ApiToken.objects.create(
        user_id=user_id, digest=token_digest(token), name=name, scopes=words, created_at=at
    )


def drop_token(user_id: int, token_id: int) -> bool:
    """Delete a token of this member; False when they have none of this id."""
    deleted, _ = ApiToken.objects.filter(user_id=user_id, pk=token_id).delete()
    return bool(deleted)


def token_used(token_id: int, on: date) -> None:
    """Remember the day on which a token was last used."""
    ApiToken.objects.filter(pk=token_id).update(last_used_on=on)


def end_sessions(user_id: int, keep: str, only: int | None = None) -> int:
    """Sign the member out everywhere but in the session `keep`, or out of one session by its id;
    return how many that were."""
    rows = UserSession.objects.filter(user_id=user_id).exclude(session_key=keep)
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    rows.delete()
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def set_about(user_id: int, about: str) -> None:
    """Replace a member's own text."""
    User.objects.filter(pk=user_id).update(about=about)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """The answer once given to an Idempotency-Key."""

    digest: str
    status: int
    body: dict[str, Any]


def claim_reply(user_id: int, key: str, digest: str, at: datetime) -> bool:
    """Insert the key's row; False when it was there already. A rival's insert is waited for."""
    try:
        with transaction.atomic():
            IdempotentReply.objects.create(
                user_id=user_id, key=key, request_digest=digest, status=0, body={}, created_at=at
            )
    except IntegrityError:
        return False
    return True


def stored_reply(user_id: int, key: str) -> StoredReply:
    """Return the stored answer of a key that was claimed."""
    row = IdempotentReply.objects.get(user_id=user_id, key=key)
    return StoredReply(row.request_digest, row.status or 0, row.body or {})


def keep_reply(user_id: int, key: str, status: int, body: dict[str, Any]) -> None:
    """Store the answer of a key that this transaction claimed."""
    IdempotentReply.objects.filter(user_id=user_id, key=key).update(status=status, body=body)


def claim_open_reply(digest: str, request_digest: str, at: datetime) -> bool:
    """Insert the row of a stranger's key; False when it was there already."""
    try:
        with transaction.atomic():
            OpenReply.objects.create(digest=digest, request_digest=request_digest, created_at=at)
    except IntegrityError:
        return False
    return True


def open_reply(digest: str) -> tuple[str, int, str]:
    """Return (request digest, status, sealed answer) of a stranger's key that was claimed."""
    row = OpenReply.objects.get(digest=digest)
    return row.request_digest, row.status, row.sealed


def keep_open_reply(digest: str, status: int, sealed: str) -> None:
    """Store the answer of a stranger's key that this transaction claimed."""
    OpenReply.objects.filter(digest=digest).update(status=status, sealed=sealed)


def forget_replies(members_before: datetime, strangers_before: datetime) -> int:
    """Delete answers that nobody repeats any more; return how many."""
    known, _ = IdempotentReply.objects.filter(created_at__lt=members_before).delete()
    unknown, _ = OpenReply.objects.filter(created_at__lt=strangers_before).delete()
    return known + unknown


LEFT = "left-"


def forget(user_id: int, pseudonym: str) -> None:
    """Erase who a log-in was. Its row stays under the pseudonym, because the history of others
    points to it; whatever is only about the person goes."""
    for rows in rows_about(user_id):
        if rows.model is UserSession:
            keys = list(rows.values_list("session_key", flat=True))
            Session.objects.filter(session_key__in=keys).delete()
        rows.delete()
    user = User.objects.get(pk=user_id)
    user.username, user.email, user.about = pseudonym, "", ""
    user.role, user.is_active, user.last_login = Role.MEMBER, False, None
    user.set_unusable_password()
    user.save()
