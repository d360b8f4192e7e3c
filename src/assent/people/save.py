"""Writes log-ins and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from assent.core.terms import Role
from assent.people.models import ApiToken, IdempotentReply, User
from assent.people.queries import Member, by_id, token_digest


def add_member(name: str, email: str, password: str, role: Role) -> Member:
    """Insert a log-in (the sign-up page does this through the auth library instead). Whoever adds
    somebody vouches for their address."""
    user = User.objects.create_user(name, email, password, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return by_id(user.pk)


def add_token(user_id: int, token: str, at: datetime) -> None:
    """Keep the digest of a new bearer token."""
    ApiToken.objects.create(user_id=user_id, digest=token_digest(token), created_at=at)


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
