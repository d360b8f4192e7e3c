"""Workers and commands."""

from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Workers and commands."""

    name = "assent.ops"
    label = "ops"
