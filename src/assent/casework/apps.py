"""Notices, cases, decisions and their effects."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Notices, cases, decisions and their effects."""

    name = "assent.casework"
    label = "casework"
