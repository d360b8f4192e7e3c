"""How often somebody may do something. Counted in memory only, and forgotten with the process."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
from datetime import date
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assent.core.terms import Refusal, RefusalKind, Refused

_salt: tuple[date, bytes] = (date.min, b"")


class TooMany(Refused):
    """Refused for now; `after` says in how many seconds it is worth trying again."""

    def __init__(self, after: int) -> None:
        minutes = math.ceil(after / 60)
        wait = "a minute" if minutes <= 1 else f"{minutes} minutes"
        sentence = f"Please wait {wait} and try again. Nothing you sent before is lost."
        super().__init__(Refusal("too_many", sentence, RefusalKind.TOO_MANY, retry=True))
        self.after = after


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def spend(name: str, key: str) -> None:
    """Count one use of the named limit by this key, or refuse."""
    limit = parse(settings.RATE_LIMITS[name])
    if _limiter().hit(limit, name, key):
        return
    reset = _limiter().get_window_stats(limit, name, key).reset_time
    raise TooMany(max(1, math.ceil(reset - time.time())))


def is_crowded(name: str, key: str) -> bool:
    """Count one use of the named limit by this key; whether that is over it. Refuses nothing."""
    return not _limiter().hit(parse(settings.RATE_LIMITS[name]), name, key)


def address_key(request: HttpRequest) -> str:
    """Return a key for a sender's address that nobody can turn back into it: its HMAC under a
    random salt that lives in memory for one day."""
    global _salt
    today = timezone.now().date()
    if _salt[0] != today:
        _salt = (today, secrets.token_bytes(32))
    address = client_address(request)
    return hmac.new(_salt[1], address.encode(), hashlib.sha256).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from: the connection's own, or, behind as many
    proxies as the settings name, the one that the outermost of them wrote down. What a caller
    wrote there themselves is further left and not believed."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not settings.PROXIES or len(chain) < settings.PROXIES:
        return direct
    try:
        return str(ip_address(chain[-settings.PROXIES].strip()))
    except ValueError:
        return direct
