"""Terms as plain JSON values and back, so that they can be sealed and kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from assent.core.consent.terms import Advice, SignedTerms, Signer
from assent.core.terms import WorkType


def as_plain(terms: SignedTerms) -> dict[str, Any]:
    """Return terms as JSON values."""
    plain = asdict(terms)
    days = {k: plain[k].isoformat() for k in ("starts_on", "ends_on")}
    return plain | days | {"work_types": sorted(terms.work_types), "names": list(terms.names)}


def from_plain(plain: dict[str, Any]) -> SignedTerms:
    """Return terms from JSON values."""
    return SignedTerms(
        **plain
        | {
            "names": tuple(plain["names"]),
            "signer": Signer(plain["signer"]),
            "work_types": frozenset(WorkType(t) for t in plain["work_types"]),
            "starts_on": date.fromisoformat(plain["starts_on"]),
            "ends_on": date.fromisoformat(plain["ends_on"]),
            "advice": Advice(plain["advice"]),
        }
    )
