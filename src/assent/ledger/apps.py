"""Accounts, transfers, payouts."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Accounts, transfers, payouts."""

    name = "assent.ledger"
    label = "ledger"
