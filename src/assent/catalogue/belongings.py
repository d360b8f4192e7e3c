"""What somebody has here: to be told of it, and to let go of it."""

from __future__ import annotations

from typing import Any

from assent.catalogue.models import Item, Pledge, Screening, StoredFile
from assent.core.leaving import Belonging
from assent.core.ledger import PledgeState
from assent.core.terms import ItemKind, ItemState

_WAITING = (PledgeState.PENDING, PledgeState.HELD)


def items_of(user_id: int) -> tuple[Belonging, ...]:
    """Return all items of a person, in every state."""
    rows = Item.objects.filter(owner_id=user_id).values_list("id", "kind", "state")
    return tuple(Belonging(i, ItemKind(k), ItemState(s)) for i, k, s in rows)


def waiting_pledges(user_id: int) -> int:
    """Return how many of a person's pledges are in escrow or reserved."""
    return Pledge.objects.filter(supporter_id=user_id, state__in=_WAITING).count()


def told_items(user_id: int) -> list[dict[str, Any]]:
    """Return a person's items with their words, files and verdicts, oldest first. Of what was taken
    down only that it was: it is not served to anyone."""
    rows = Item.objects.filter(owner_id=user_id).prefetch_related("files", "screenings")
    return [_told(row) for row in rows.order_by("created_at", "id")]


def _told(row: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": row.id, "kind": row.kind, "state": row.state, "created_at": row.created_at,
        "published_at": row.published_at, "changed_at": row.changed_at,
    }  # fmt: skip
    if ItemState(row.state).is_gone:
        return found
    files: list[StoredFile] = list(row.files.all())
    verdicts: list[Screening] = list(row.screenings.all())
    return found | {
        "title": row.title,
        "description": row.description,
        "tags": row.tags,
        "files": [{"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in files],
        "screenings": [
            {"at": s.at, "policy": s.policy, "code": s.code, "sentence": s.sentence}
            for s in verdicts
        ],
    }


def told_pledges(user_id: int) -> list[dict[str, Any]]:
    """Return a person's pledges, oldest first."""
    rows = Pledge.objects.filter(supporter_id=user_id).order_by("created_at", "id")
    return [dict(row) for row in rows.values("id", "bounty_id", "amount", "state", "created_at")]
