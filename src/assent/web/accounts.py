"""What a log-in may be called."""

from __future__ import annotations

import re

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from assent.core.screening.policies import default_policy
from assent.core.screening.searching import names_somebody
from assent.gateways import clock
from assent.gateways.limits import client_address

NAME = re.compile(r"[a-z0-9-]{3,30}")
# Names that would pass for the house, or for one of its addresses.
_KEPT = """
about account accounts admin administrator api appeal appeals assent auditor bounties
bounty case cases consent contact entries entry everyone files help home house info legal
listing listings login logout mail me mine moderation moderator mods new nobody none null
official operator police postmaster privacy queue root rules security settings signup
staff stranger support sysadmin system takedown takedowns team terms transparency trust
undefined user users wallet webmaster www you
"""
KEPT_FOR_LEFT = "left-"  # the pseudonyms of those who left
RESERVED = frozenset(_KEPT.split())


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up under the house's rules for names."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request came from, for the library's own limits."""
        return client_address(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the name when it may be taken."""
        if not NAME.fullmatch(username):
            raise ValidationError("Use 3 to 30 small letters a-z, digits or hyphens.")
        if username in RESERVED or username.startswith(KEPT_FOR_LEFT):
            raise ValidationError("This name is kept free. Please choose another.")
        if names_somebody(username, default_policy(), at=clock.now().date()):
            raise ValidationError("Please choose a name that is not a real person’s.")
        return str(super().clean_username(username, shallow))
