"""Official matters: what authorities order, what we must tell them, and disputes before a body.

Regulation (EU) 2022/2065: orders to act against illegal content (Article 9) and to provide
information (Article 10), suspicion of a threat to somebody's life or safety, which is told to the
authorities at once (Article 18), and disputes before a certified body (Article 21). What is ordered
is done with the ordinary tools; here it is written down, so that nothing is forgotten and the
yearly report can count it (Article 15(1)(a), Article 24(1)(a)).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assent.core.terms import Refusal

SHORT_MAX, NOTE_MAX = 200, 5000
OLDEST = timedelta(days=3650)


class MatterKind(StrEnum):
    """What came, or what we saw."""

    ACT = "order_to_act"
    INFORM = "order_to_inform"
    THREAT = "threat"
    DISPUTE = "dispute"
    ARBITRATION = "arbitration"

    @property
    def label(self) -> str:
        """The words on the page."""
        return _LABELS[self]

    @property
    def outcomes(self) -> Mapping[str, str]:
        """How it can end: the code of the journal, and the words on the page."""
        return _OUTCOMES[self]

    @property
    def acknowledged(self) -> str:
        """What is written down first, before it is done."""
        return _FIRST[self]


_LABELS = {
    MatterKind.ACT: "An order to act against something",
    MatterKind.INFORM: "An order to give information",
    MatterKind.THREAT: "A threat to somebody’s life or safety",
    MatterKind.DISPUTE: "A dispute before a certified body",
    MatterKind.ARBITRATION: "Disputed consent, before the arbitrator",
}
_FIRST = {
    MatterKind.ACT: "We told the authority that the order arrived",
    MatterKind.INFORM: "We told the authority that the order arrived",
    MatterKind.THREAT: "We told the authorities",
    MatterKind.DISPUTE: "We told the body that we take part",
    MatterKind.ARBITRATION: "The arbitrator has what both sides said",
}
_ORDER = {
    "done": "We did what it asks",
    "nothing": "There was nothing here to do it with",
    "contested": "We contested it",
}
_OUTCOMES: Mapping[MatterKind, Mapping[str, str]] = {
    MatterKind.ACT: _ORDER,
    MatterKind.INFORM: _ORDER,
    MatterKind.THREAT: {"done": "The authorities have it", "nothing": "It was none after all"},
    MatterKind.DISPUTE: {
        "confirmed": "The body agrees with our decision",
        "followed": "The body does not agree, and we did what it says",
        "not_followed": "The body does not agree, and we did not do what it says",
        "ended": "It ended without an outcome",
    },
    MatterKind.ARBITRATION: {
        "no_consent": "There was no consent: it stays down",
        "consent": "There was consent: it may be decided anew",
        "ended": "It ended without an outcome: it stays down",
    },
}
# The categories of the EU's transparency database that a matter here can be about.
CATEGORIES = {
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": "A person’s likeness, or another violence online",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": "Somebody under 18",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": "Data protection and privacy",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS": "Copyright and trade marks",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH": "Speech that is against the law",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": "Fraud",
    "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE": "Anything else",
}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class MatterForm:
    """A matter as somebody of the staff wrote it down. `country` is a code of ISO 3166-1, or EU;
    the reference, the authority and the note are for the staff alone."""

    kind: MatterKind
    country: str
    category: str
    authority: str
    reference: str
    note: str
    received_at: datetime


def matter_refusal(form: MatterForm, now: datetime) -> Refusal | None:
    """Return what is wrong with a matter, a sentence a field, or None."""
    faults: dict[str, str] = {}
    if not _COUNTRY.fullmatch(form.country):
        faults["country"] = "Two letters, such as DE or US; EU for one of the Union’s own bodies."
    if form.category not in CATEGORIES:
        faults["category"] = "Choose what it is about."
    if not form.authority.strip():
        faults["authority"] = "Say which authority or body."
    for name in ("authority", "reference"):
        if len(getattr(form, name)) > SHORT_MAX:
            faults[name] = f"Please use at most {SHORT_MAX} characters."
    if len(form.note) > NOTE_MAX:
        faults["note"] = f"Please use at most {NOTE_MAX:,} characters."
    if not now - OLDEST <= form.received_at <= now:
        faults["received_at"] = "When it arrived: not in the future."
    return Refusal("check_the_form", "Please check the form.", fields=faults) if faults else None
