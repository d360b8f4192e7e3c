"""Letters by e-mail: fixed sentences over coded facts, so that nothing a user wrote gets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

LETTERS: Mapping[str, tuple[str, str]] = {
    "published": ("It is published", "Your {kind} {item} passed screening and is public now."),
    "held": (
        "A moderator looks at it",
        "Your {kind} {item} is held until a moderator has looked at it. Nobody else sees it yet.",
    ),
    "refused": (
        "It was not published",
        "Your {kind} {item} was not published. Its page says why and what you can do.",
    ),
    "removed": (
        "It was removed",
        "Your {kind} {item} was removed for good. It shows a real person who did not agree to it. "
        "The rule is in the house rules under “likeness”.",
    ),
    "entry_waits": (
        "Somebody handed in work",
        "An entry to your bounty {bounty} is being scanned.",
    ),
    "awarded": (
        "Your entry was awarded",
        "Your entry to bounty {bounty} won {credits} credits. They are yours after cooling-off.",
    ),
    "paid": ("You were paid", "{credits} credits for bounty {bounty} are in your wallet."),
    "refunded": ("Credits came back", "{credits} credits from bounty {bounty} are back with you."),
}


def send_letter(address: str, name: str, template: str, data: Mapping[str, Any]) -> None:
    """Send one letter; raises what the mail server answers."""
    subject, sentence = LETTERS[template]
    facts = {"kind": "item", "item": "", "bounty": "", "credits": 0} | dict(data)
    body = f"Hello {name},\n\n{sentence.format(**facts)}\n\n{settings.SITE_URL}/\n"
    send_mail(f"{settings.SITE_NAME}: {subject}", body, settings.DEFAULT_FROM_EMAIL, [address])
