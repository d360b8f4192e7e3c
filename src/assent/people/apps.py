"""Log-ins and roles."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Log-ins and roles."""

    name = "assent.people"
    label = "people"

    def ready(self) -> None:
        """Keep of where somebody signs in from only the network."""
        from allauth.usersessions.models import UserSession
        from django.db.models.signals import pre_save

        pre_save.connect(_keep_network, sender=UserSession, dispatch_uid="assent.network")


def _keep_network(sender: object, instance: Any, **more: object) -> None:  # noqa: ANN401
    """Keep 24 bits of an IPv4 address and 48 of an IPv6 one: enough to know one's own again."""
    address = ip_address(instance.ip)
    network = ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False)
    instance.ip = str(network.network_address)
