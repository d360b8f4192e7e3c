"""Log-ins and roles."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Log-ins and roles."""

    name = "assent.people"
    label = "people"
