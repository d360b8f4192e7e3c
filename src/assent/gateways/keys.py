"""The dice: random identifiers, kept out of core so that core stays repeatable."""

from __future__ import annotations

import secrets

# Crockford's base 32: no i, l, o, u, so that it survives being read aloud or typed on a phone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def new_item_id() -> str:
    """Return an item id: 12 letters, 60 random bits, never guessable and never a number."""
    return _letters(12)


def new_key() -> str:
    """Return a random key of 24 letters (120 bits) that stands for a person or case."""
    return _letters(24)


def new_case_number() -> str:
    """Return a case number such as `A7K3-M9QX-2VTD` (60 bits)."""
    raw = _letters(12).upper()
    return f"{raw[:4]}-{raw[4:8]}-{raw[8:]}"


def new_pin() -> str:
    """Return a PIN of 16 letters (80 bits) in groups of four."""
    raw = _letters(16).upper()
    return "-".join(raw[i : i + 4] for i in range(0, 16, 4))


def new_token() -> str:
    """Return an API token (256 bits)."""
    return "assent_" + secrets.token_urlsafe(32)


def new_link_secret() -> str:
    """Return the secret of a private link: 32 letters, 160 random bits."""
    return _letters(32)


def new_nonce() -> str:
    """Return a word that is nowhere on the web yet: `assent-` and 12 letters (60 bits)."""
    return f"assent-{_letters(12)}"
