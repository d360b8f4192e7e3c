"""Does a grant cover this use now? Anything unsure is "no"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from assent.core.terms import ConsentStatus, Rating

TERM_YEARS_MAX = 10


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What a grant allows, as a value. `uses` are verbs such as train, generate, display,
    download; `name_digests` are keyed digests of the person's normalised names; `publish_from` is
    the first day after the cooling-off (None: at once)."""

    reference: str
    status: ConsentStatus
    requester: str
    name_digests: frozenset[str]
    uses: frozenset[str]
    work_types: frozenset[str]
    rating: Rating
    starts_on: date
    ends_on: date
    signed: bool
    publish_from: date | None = None

    @property
    def lives_on(self) -> tuple[date, date]:
        """First and last day on which anything may be published or served under it."""
        return max(self.starts_on, self.publish_from or self.starts_on), self.ends_on


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to do with a likeness, and where."""

    requester: str
    work_type: str
    name_digest: str | None
    verbs: frozenset[str]
    rating: Rating


@dataclass(frozen=True, slots=True)
class Cover:
    """The answer: covered or not, always with a reason for staff."""

    covered: bool
    reason: str


NO_GRANT = Cover(False, "no consent record was named")


def normalised_name(name: str) -> str:
    """Return the form of a name under which digests are made: no accents, case or punctuation.

    >>> normalised_name("Véra  Lindqvist-Oyelaran")
    'vera lindqvist oyelaran'
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain))


def covers(grant: GrantTerms | None, use: Use, at: date) -> Cover:
    """Return whether the grant is in force at `at` and covers this use; doubt is "no"."""
    if grant is None:
        return NO_GRANT
    for wrong, reason in _objections(grant, use, at):
        if wrong:
            return Cover(False, reason)
    return Cover(True, f"covered by {grant.reference}")


def in_force(grant: GrantTerms | None, at: date) -> bool:
    """Return whether anything may be served under a grant on this day; no grant is "no"."""
    if grant is None or not grant.signed or grant.status is not ConsentStatus.GIVEN:
        return False
    first, last = grant.lives_on
    return first <= at <= last <= latest_end(grant.starts_on)


def may_be_sold(grant: GrantTerms | None) -> bool:
    """Return whether the person said yes to work being sold on; no grant is "no"."""
    return grant is not None and "resell" in grant.uses


def _objections(grant: GrantTerms, use: Use, at: date) -> tuple[tuple[bool, str], ...]:
    # Sexual content of a real person cannot be consented to here: checked whatever a grant says.
    return (
        (use.rating is not Rating.SFW, "a likeness is never covered beyond ordinary content"),
        (grant.status is not ConsentStatus.GIVEN or not grant.signed, "the record is not in force"),
        (not grant.starts_on <= at <= grant.ends_on, "the record is not in force on this date"),
        (at < grant.lives_on[0], "the person may still step back from what they signed"),
        (grant.ends_on > latest_end(grant.starts_on), "the record runs longer than ten years"),
        (grant.requester != use.requester, "the record is for another requester"),
        (use.work_type not in grant.work_types, "the record does not cover this kind of work"),
        (not use.verbs <= grant.uses, "the record does not cover this use"),
        (use.name_digest is None, "it is not clear who is meant"),
        (use.name_digest not in grant.name_digests, "the record is for another person"),
    )


def latest_end(start: date) -> date:
    """Return the last day that a record from this day may run to."""
    try:
        return start.replace(year=start.year + TERM_YEARS_MAX)
    except ValueError:  # 29 February
        return start.replace(year=start.year + TERM_YEARS_MAX, day=28)
