"""How to reach somebody who asked for a takedown: sealed under a key kept apart from the data."""

from __future__ import annotations

from collections.abc import Mapping

from assent.core.misuse import normalised_contact
from assent.core.notices import Contact
from assent.gateways.keys import ALPHABET
from assent.gateways.secrets import keyed_digest, seal, unseal

CODE_LENGTH = 8


def sealed_contact(contact: Mapping[str, str] | None) -> dict[str, str]:
    """Return a contact as it is stored: which kind it is, and the rest sealed."""
    kind, value = (contact or {}).get("kind", Contact.BOX), (contact or {}).get("value", "")
    if kind == Contact.BOX or not value:
        return {"kind": Contact.BOX}
    return {"kind": kind, "sealed": seal("contact", {"value": value})}


def address_of(contact: Mapping[str, str]) -> str:
    """Return the address or number in a stored contact; empty where there is none, or where it
    was sealed under a key that is gone."""
    return str(unseal("contact", contact.get("sealed", "")).get("value", ""))


def confirmation_code(case_key: str, address: str) -> str:
    """Return the code that shows that somebody reads what is sent to an address: eight letters (40
    bits) that only this case and this address give. It is made anew when needed, never stored."""
    number = int(keyed_digest("confirm", f"{case_key}:{address}")[:10], 16)
    raw = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * CODE_LENGTH, 5)).upper()
    return f"{raw[:4]}-{raw[4:]}"


def sender_digest(contact: Mapping[str, str] | None) -> str:
    """Return the keyed digest of a contact, as it was given or as it is stored; empty where there
    is none. Kept only of a sender whose requests two people found to be plainly without ground."""
    found = contact or {}
    value = address_of(found) if "sealed" in found else found.get("value", "")
    plain = normalised_contact(found.get("kind", Contact.BOX), value)
    return keyed_digest("sender", plain) if plain else ""
