"""Reads the scrips and their rails."""

from __future__ import annotations

from assent.core.scrips import Scrip
from assent.core.terms import Rating
from assent.ledger import models


def scrips() -> list[Scrip]:
    """Return every scrip, the enabled ones first."""
    rows = models.Scrip.objects.prefetch_related("rails").order_by("-enabled", "code")
    return [
        Scrip(
            row.code, row.name, Rating(row.ceiling), row.funds_bounties, row.cashes_out,
            row.enabled, tuple(sorted(rail.code for rail in row.rails.all())),
        )
        for row in rows
    ]  # fmt: skip


def scrip(code: str) -> Scrip | None:
    """Return a scrip, or None."""
    return next((one for one in scrips() if one.code == code), None)
