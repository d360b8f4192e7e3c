"""The marketplace's own key for weight fingerprints: whoever has it can dodge and forge them."""

from __future__ import annotations

from assent.gateways.secrets import keyed_digest


def fingerprint_key() -> bytes:
    """Return the key; it never leaves this machine, and changing it makes the registry useless."""
    return bytes.fromhex(keyed_digest("weight-fingerprint", "WUF-1"))
