"""Pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "assent.web"
    label = "web"

    def ready(self) -> None:
        """Listen to the sign-in library."""
        from allauth.mfa.signals import authenticator_added

        from assent.web.second_factor import remember_added

        authenticator_added.connect(remember_added, dispatch_uid="assent.second-factor")
