"""The agreement that everybody accepts before they put work here: for whom they answer, and what
they keep at hand.

Card networks ask a marketplace for a written agreement with each provider of content: illegal
content is banned; consent, identity and age of every person depicted are held and can be produced
on request (Mastercard's rules for user-generated content, AN 5196). Here it binds whoever uploads,
whether or not money is involved.
"""

from __future__ import annotations

import hashlib

from assent.core.terms import Refusal, RefusalKind

VERSION = "2026-11"
CLAUSES = (
    "Nothing that I put here is against the law, and nothing in it is sexual content of a real "
    "person or shows anybody under 18.",
    "Where my work shows a real person, that person signed a consent record here before I made it, "
    "and I keep to its terms. I know that my own word about their consent counts for nothing.",
    "I hold what shows who the person is, that they are of age and that they agreed. I hand it "
    "over within seven days when this marketplace asks me, for itself or for a card network, and "
    "I show it to nobody else.",
    "I say truthfully how a work was made and what it was trained on.",
    "My work may be screened, scanned, hidden and removed as the house rules say, and what it "
    "earned is not paid out while a claim on it is open.",
    "When a person takes their consent back, I delete my copies and pass on nothing of them.",
)
NEEDED = Refusal(
    "agreement_needed",
    "Please accept the agreement for uploaders first; it stands on /agreement.",
    RefusalKind.CONFLICT,
    fields={"agree": "Please tick this line: without it, nothing can be put here."},
)


def digest() -> str:
    """Return the SHA-256, in hexadecimal, of the version and its clauses, a line each, in UTF-8."""
    return hashlib.sha256("\n".join((VERSION, *CLAUSES)).encode()).hexdigest()
