"""Items: bounties, entries, listings and their files."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Items: bounties, entries, listings and their files."""

    name = "assent.catalogue"
    label = "catalogue"
