"""Who may vouch that a signature is the depicted person's own.

An uploader can never complete that signature, so a grant is recorded only with a `Vouched` value,
and only a verifier makes one. The demo's verifier vouches for the demo's invented person and
exists nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from assent.core.terms import Refusal, RefusalKind, Refused

DEMO_PERSON = "Vera Lindqvist-Oyelaran"


@dataclass(frozen=True, slots=True)
class Vouched:
    """A verifier's word that this person signed: by which verifier, for which names."""

    verifier: str
    names: tuple[str, ...]


def vouch_for_demo_person() -> Vouched:
    """Vouch for the demo's invented person; refused outside the demo."""
    if not settings.DEMO:
        raise Refused(
            Refusal(
                "no_verifier",
                "No verifier is set up here, so nobody's consent can be recorded.",
                RefusalKind.UNAVAILABLE,
            )
        )
    return Vouched("demo", (DEMO_PERSON, "Vera Lindqvist", "Vera Oyelaran"))
