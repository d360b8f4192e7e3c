"""Depicted persons and their consent grants."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Depicted persons and their consent grants."""

    name = "assent.consent"
    label = "consent"
