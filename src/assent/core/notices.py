"""Takedown notices: what a form must hold, what it names exactly, and the clock that it starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assent.core.terms import CaseState, Refusal

HOURS_MAX = 48
UNDECIDED = (CaseState.RECEIVED, CaseState.HIDDEN, CaseState.IN_REVIEW)
WHERE_MAX, TEXT_MAX, SIGNATURE_MAX = 200, 5000, 200
ALERTS = (50, 80, 100)

NAMES_MAX = 3
_HANDLE = re.compile(r"^@[\w.-]{3,40}$")
_LINK = re.compile(
    r"/(?:bounties|listings|entries|versions|comments|files)/([0-9a-z]{12})(?![0-9a-z])",
    re.IGNORECASE,
)
_ID = re.compile(r"^\s*#?([0-9a-z]{12})\s*$", re.IGNORECASE)
_HASH = re.compile(r"^\s*(?:sha-?256:\s*)?((?:t1:)?[0-9a-f]{64})\s*$", re.IGNORECASE)


class Ground(StrEnum):
    """The only grounds on which a request may be turned down."""

    NOT_THE_PERSON = "not_the_person"
    NOT_FOUND = "not_found"
    CONSENT = "consent"
    NO_LIKENESS = "no_likeness"


class Contact(StrEnum):
    """How somebody who asks for a takedown is reached."""

    BOX = "box"
    EMAIL = "email"
    PHONE = "phone"
    AGENT = "agent"


class Complaint(StrEnum):
    """How far a complaint about a decision is."""

    NONE = "none"
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


# Complaints are free and open for at least six months (Regulation (EU) 2022/2065, Article 20(1)).
COMPLAINT_TIME = timedelta(days=184)
# What a person told us is erased this long after the last day on which they could complain.
KEPT_AFTERWARDS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """What the form asks for. Only `where` is needed for the clock to start."""

    where: tuple[str, ...]
    relation: str
    good_faith: bool
    signature: str
    contact: Mapping[str, str] | None = None
    details: Mapping[str, object] | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Located:
    """What a notice names exactly: item or file ids, hashes of files. And the words that a
    person must search for."""

    ids: tuple[str, ...]
    hashes: tuple[str, ...]
    words: tuple[str, ...]


def deadline(received_at: datetime, hours: int) -> datetime:
    """Return when the case must be decided: wall-clock from receipt, weekends included, never
    later than 48 hours (47 U.S.C. 223a(a)(3))."""
    return received_at + timedelta(hours=min(hours, HOURS_MAX))


def alert_due(received_at: datetime, due: datetime, at: datetime) -> int:
    """Return the highest of 50, 80 and 100 per cent of the clock that has passed, else 0."""
    share = 100 * (at - received_at) / (due - received_at)
    return max((mark for mark in ALERTS if share >= mark), default=0)


def locate(where: Iterable[str], hashes: Iterable[str] = ()) -> Located:
    """Split what a notice says into exact ids, links and hashes, which hide at once, and
    everything else, which a person reads. A vague word can therefore never empty the shop."""
    ids: dict[str, None] = {}
    sums: dict[str, None] = {}
    words: list[str] = []
    for line in (*where, *hashes):
        if exact := _HASH.match(line):
            sums[exact[1].lower()] = None
            continue
        whole = _ID.match(line)
        found = [whole[1]] if whole else _LINK.findall(line)
        ids.update(dict.fromkeys(i.lower() for i in found))
        if not found and line.strip():
            words.append(line.strip())
    return Located(tuple(ids), tuple(sums), tuple(words))


def names_given(words: Iterable[str]) -> tuple[str, ...]:
    """Return those lines that are plainly a person's name or a user name, to be kept watch for.

    Two to four words that all begin with a capital letter (or whose script has none), or one
    handle. Anything else, such as a title, is for a person to read. At most three a notice.
    """
    found = [line for line in words if _HANDLE.match(line) or _is_name(line)]
    return tuple(dict.fromkeys(found))[:NAMES_MAX]


def _is_name(line: str) -> bool:
    parts = line.split()
    return 2 <= len(parts) <= 4 and all(
        len(p) > 1 and p.replace("-", "").replace("'", "").replace("’", "").isalpha()
        and not p[0].islower() and not (len(p) > 3 and p.isupper())
        for p in parts
    )  # fmt: skip


def missing(form: NoticeForm) -> tuple[str, ...]:
    """Return the names of what is still missing for a request that a court would call complete.
    It is asked for once; the clock runs and things stay hidden meanwhile."""
    checks = {
        "relation": form.relation in ("me", "agent"),
        "good_faith": form.good_faith,
        # Of somebody under 18 no name is asked (Regulation (EU) 2022/2065, Article 16(2)(c)).
        "signature": bool(form.signature.strip()) or bool((form.details or {}).get("under_18")),
    }
    return tuple(name for name, there in checks.items() if not there)


def notice_refusal(form: NoticeForm) -> Refusal | None:
    """Return why a notice cannot be taken at all, a sentence a field, or None."""
    faults = {}
    if not any(w.strip() for w in form.where):
        faults["where"] = ASK["where"]
    elif len(form.where) > WHERE_MAX or any(len(w) > TEXT_MAX for w in form.where):
        faults["where"] = TOO_MANY_LINES
    if len(form.signature) > SIGNATURE_MAX:
        faults["signature"] = SIGNATURE_TOO_LONG
    return _incomplete(faults) if faults else None


def incomplete(form: NoticeForm) -> Refusal | None:
    """Return what a program left out, which it can put right by itself, or None."""
    faults = {name: ASK[name] for name in missing(form)}
    if not any(w.strip() for w in form.where):
        faults["where"] = ASK["where"]
    return _incomplete(faults) if faults else None


def _incomplete(faults: Mapping[str, str]) -> Refusal:
    return Refusal("notice_incomplete", INCOMPLETE, fields=faults)


INCOMPLETE = "A little is still missing. What you wrote is kept."
TOO_MANY_LINES = "Please use at most 200 lines. You can send a second request."
SIGNATURE_TOO_LONG = "Please use at most 200 characters."
ASK = {
    "where": "Tell us where it is: a link, an id, a title, or “I need you to search”.",
    "relation": "Say whether this shows you or you act for the person.",
    "good_faith": "Please tick this line so that we may act.",
    "signature": "Type a name or any mark as your signature. It need not be your legal name.",
}
