"""Second factors: a role with power rests until its log-in has proved one in this session."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from assent.core.terms import Role
from assent.gateways import secrets

ADDED = "second_factor_added_at"
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The library's second factors, with their secrets sealed and under the site's name."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return secrets.sealed("second-factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a sealed secret."""
        return secrets.unsealed("second-factor", encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Name the log-in in an authenticator app: never by its e-mail address."""
        return user.get_username()

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Name the log-in in a passkey, in the same way."""
        found: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return found | {"name": user.get_username()}

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)


def is_proved(request: HttpRequest) -> bool:
    """Return whether this session proved a second factor that its log-in still has. The demo,
    where everyone knows every password anyway, asks for none."""
    if settings.DEMO:
        return True
    found = getattr(request, "second_factor_is_proved", None)
    if found is None:
        found = _proved_at(request) > time.time() - settings.STAFF_PROOF_SECONDS and has_one(
            request.user.pk
        )
        request.second_factor_is_proved = found  # type: ignore[attr-defined]
    return bool(found)


def has_one(user_id: int | None) -> bool:
    """Return whether the log-in has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=user_id, type__in=STRONG).exists()


def _proved_at(request: HttpRequest) -> float:
    """Return when a second factor was last proved or added here, in seconds since 1970."""
    user = request.user if request.user.is_authenticated else None
    records = get_authentication_records(request, user)
    at = [float(r.get("at", 0)) for r in records if r.get("method") == "mfa"]
    return max([*at, float(request.session.get(ADDED, 0))])


def remember_added(
    sender: object, request: HttpRequest, authenticator: Authenticator, **more: object
) -> None:
    """Whoever adds an authenticator shows, in doing so, that they hold it."""
    if authenticator.type in STRONG:
        request.session[ADDED] = time.time()


def role_rests(request: HttpRequest) -> bool:
    """Return whether the viewer has a role that does not count, for want of a second factor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.role == Role.MEMBER:
        return False
    return not is_proved(request)


def way_to_prove(request: HttpRequest, back_to: str) -> str:
    """Return where the viewer proves a second factor, or gets one first."""
    if not has_one(request.user.pk):
        return reverse("mfa_index")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back_to})}"
