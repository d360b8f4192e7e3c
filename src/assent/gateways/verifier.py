"""Verifiers: bodies that say, over their signature, that a person is who they say they are.

An uploader can never complete that. Their published keys are a JWK set in the file that
ASSENT_VERIFIER_KEYS names; without it, only channels and moderators prove anybody. The demo has one
more, which vouches for the demo's invented person and exists nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways.signing import UnverifiedError, verified

DEMO_PERSON = "Vera Lindqvist-Oyelaran"
WORD_TYPE = "assent-vouch+jwt"
WORD_MAX = 8_000
FRESH = timedelta(days=7)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A verifier's word that this person signed: by which verifier, for which names."""

    verifier: str
    names: tuple[str, ...]


def word_of(signed: str, nonce: str, at: datetime) -> Vouched:
    """Return what a verifier's signed word says of the person given this nonce, or refuse.

    The word is a JWS of type `assent-vouch+jwt` with the claims `iss`, `iat`, `nonce` and `names`,
    at most seven days old; a clock may be wrong by five minutes.
    """
    path = settings.VERIFIER_KEYS
    if not path:
        raise Refused(_none())
    try:
        if len(signed) > WORD_MAX:
            raise UnverifiedError("it is too long")
        claims = verified(signed.strip(), WORD_TYPE, json.loads(Path(path).read_text()))
        said = Vouched(str(claims["iss"])[:40], tuple(str(n) for n in claims["names"]))
        issued = datetime.fromtimestamp(int(claims["iat"]), UTC)
        if claims["nonce"] != nonce or not nonce:
            raise UnverifiedError("it is for another request")
        if not at - FRESH <= issued <= at + SKEW:
            raise UnverifiedError("it is too old, or from the future")
    except (UnverifiedError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        sentence = f"This word of a verifier does not count: {error}."
        raise Refused(Refusal("word_unverified", sentence, fields={"word": sentence})) from error
    return said


def vouch_for_demo_person() -> Vouched:
    """Vouch for the demo's invented person; refused outside the demo."""
    if not settings.DEMO:
        raise Refused(_none())
    return Vouched("demo", (DEMO_PERSON, "Vera Lindqvist", "Vera Oyelaran"))


def _none() -> Refusal:
    return Refusal(
        "no_verifier",
        "No verifier is set up here. Show the word on a public page of yours instead.",
        RefusalKind.UNAVAILABLE,
    )
