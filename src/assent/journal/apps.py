"""The hash-chained journal and outgoing messages."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The hash-chained journal and outgoing messages."""

    name = "assent.journal"
    label = "journal"
