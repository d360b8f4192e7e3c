"""Fingerprints of every file, and which of them are alike."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Fingerprints of every file, and which of them are alike."""

    name = "assent.registry"
    label = "registry"
