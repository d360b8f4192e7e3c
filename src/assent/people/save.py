"""Writes log-ins and tokens."""

from __future__ import annotations

from datetime import datetime

from assent.core.terms import Role
from assent.people.models import ApiToken, User
from assent.people.queries import Member, by_id, token_digest


def add_member(name: str, email: str, password: str, role: Role) -> Member:
    """Insert a log-in (the sign-up page does this through the auth library instead)."""
    user = User.objects.create_user(name, email, password, role=role)
    return by_id(user.pk)


def add_token(user_id: int, token: str, at: datetime) -> None:
    """Keep the digest of a new bearer token."""
    ApiToken.objects.create(user_id=user_id, digest=token_digest(token), created_at=at)


def set_about(user_id: int, about: str) -> None:
    """Replace a member's own text."""
    User.objects.filter(pk=user_id).update(about=about)
