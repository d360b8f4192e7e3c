"""Policy versions and sweeps."""

from __future__ import annotations

from django.apps import AppConfig


class SweepsConfig(AppConfig):
    """Policy versions and sweeps."""

    name = "assent.sweeps"
    label = "sweeps"
