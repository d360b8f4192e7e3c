"""Whom and what a member keeps an eye on, and which letters they want about it."""

from __future__ import annotations

from django.apps import AppConfig


class WatchingConfig(AppConfig):
    """Whom and what a member keeps an eye on, and which letters they want about it."""

    name = "assent.watching"
    label = "watching"
