"""What is kept about a log-in in tables that name it, found by asking the tables themselves, so
that a new one cannot be forgotten."""

from __future__ import annotations

from typing import Any

from django.db.models import CASCADE, ForeignKey, Model, QuerySet

from assent.people.models import User

# What opens something, or would only be noise: never told, not even to its owner.
SECRET = frozenset(
    {
        "data",
        "digest",
        "request_digest",
        "session_key",
        "key",
        "body",
        "user",
        "password",
        "sealed",
        "case_id",
    }
)


def rows_about(user_id: int) -> list[QuerySet[Model]]:
    """Return, for each table whose rows are a log-in's own and would go with it, its rows."""
    found = []
    for relation in User._meta.related_objects:
        field = relation.remote_field
        if isinstance(field, ForeignKey) and relation.on_delete is CASCADE:
            model: type[Model] = relation.related_model
            found.append(model._default_manager.filter(**{field.name: user_id}).order_by("pk"))
    return found


def told_rows(user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what those tables keep, by table, without what opens something."""
    return {
        rows.model._meta.label_lower: [_told(row) for row in rows] for rows in rows_about(user_id)
    }


def _told(row: Model) -> dict[str, Any]:
    fields = [f for f in row._meta.concrete_fields if f.name not in SECRET]
    return {f.attname: f.value_from_object(row) for f in fields}


def told_log_in(user_id: int) -> dict[str, Any]:
    """Return the log-in itself."""
    user = User.objects.get(pk=user_id)
    return {
        "name": user.username, "email": user.email, "role": user.role, "about": user.about,
        "joined_at": user.date_joined, "last_signed_in": user.last_login,
        "ledger_account": user.journal_key,
    }  # fmt: skip
