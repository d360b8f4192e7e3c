"""What card networks and payment processors ask of a marketplace, each with its evidence.

Sources: Mastercard, rules for merchants with user-generated content (AN 5196, since October 2021)
and the Business Risk Assessment and Mitigation program (AN 8201, 2023), as published by processors;
Visa's rule 0003356 is reported to say nearly the same. The primary texts are for members of the
networks alone, so each check names what it looks at, and an operator's adviser has to say whether
that is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

WITHIN = timedelta(days=9)  # seven business days, with one weekend
FRESH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was counted in the marketplace. `late_answers` are complaints, objections and reports
    that took or are taking longer than `WITHIN`; `reported` is the last month whose report for the
    acquirer is kept."""

    uploaders: int
    uploaders_without_agreement: int
    depicting: int
    depicting_without_record: int
    public: int
    public_unscreened: int
    answers: int
    late_answers: int
    arbitrator: str
    reported: str
    month_due: str
    reviewers: int
    books_checked_at: datetime | None
    books_faults: int
    waiting_for_removed: int
    mature_scrips_sold: int
    late_cases_unexplained: int
    root_on: date | None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: what it asks, whether that holds, what was found, and where it can be looked up."""

    id: str
    rule: str
    asks: str
    holds: bool
    found: str
    where: str


def checks(seen: Evidence, at: datetime) -> tuple[Check, ...]:
    """Return every rule with its evidence; whatever cannot be shown does not hold."""
    return (*_content(seen), *_answers(seen), *_money(seen, at), *_doors(seen, at))


def _content(seen: Evidence) -> tuple[Check, ...]:
    return (
        Check(
            "agreement",
            "Mastercard AN 5196",
            "A written agreement with everybody who puts content here: nothing illegal; consent, "
            "identity and age of everybody depicted are held and handed over on request.",
            seen.uploaders_without_agreement == 0,
            f"{_of(seen.uploaders_without_agreement, seen.uploaders)} with public work have not "
            "accepted it.",
            "/agreement",
        ),
        Check(
            "consent",
            "Mastercard AN 5196",
            "Consent of everybody depicted, which can be shown.",
            seen.depicting_without_record == 0,
            f"{_of(seen.depicting_without_record, seen.depicting)} public items that show somebody "
            "rest on no record in force.",
            "assent verify-consent",
        ),
        Check(
            "review",
            "Mastercard AN 5196",
            "Content is reviewed before it is published.",
            seen.public_unscreened == 0,
            f"{_of(seen.public_unscreened, seen.public)} public items were never screened.",
            "/rules",
        ),
    )


def _answers(seen: Evidence) -> tuple[Check, ...]:
    return (
        Check(
            "complaints",
            "Mastercard AN 5196",
            "A complaint is resolved within seven business days; whoever is depicted can appeal.",
            seen.late_answers == 0,
            f"{_of(seen.late_answers, seen.answers)} complaints, objections and reports of the "
            "last 90 days took longer, or do.",
            "/queue",
        ),
        Check(
            "clocks",
            "Take It Down Act, 47 U.S.C. 223a",
            "A request to take a likeness down is decided within 48 hours; one that was not is "
            "explained.",
            seen.late_cases_unexplained == 0,
            f"{seen.late_cases_unexplained} late cases without a reason.",
            "/transparency/books",
        ),
        Check(
            "arbitration",
            "Mastercard AN 5196",
            "If consent is disputed, a neutral arbitrator decides, at the marketplace’s cost.",
            bool(seen.arbitrator),
            f"Arbitrator: {seen.arbitrator}." if seen.arbitrator else "No arbitrator is named.",
            "/arbitration",
        ),
    )


def _money(seen: Evidence, at: datetime) -> tuple[Check, ...]:
    checked = seen.books_checked_at
    books_fresh = checked is not None and at - checked <= FRESH
    return (
        Check(
            "report",
            "Mastercard AN 5196",
            "A monthly report to the acquirer: what was flagged as illegal or without consent, and "
            "what was done.",
            seen.reported >= seen.month_due,
            f"Last month that is kept: {seen.reported or 'none'}; due: {seen.month_due or 'none'}.",
            "assent report MONTH --acquirer",
        ),
        Check(
            "escrow",
            "House rule",
            "What is pledged lies in escrow, and the books are proved every day.",
            books_fresh and seen.books_faults == 0,
            "The books were not checked within two days."
            if not books_fresh
            else f"{seen.books_faults} faults or differences at the last check.",
            "/accounts",
        ),
        Check(
            "frozen",
            "House rule",
            "Nothing is paid for work that was taken down.",
            seen.waiting_for_removed == 0,
            f"{seen.waiting_for_removed} payouts wait for work that was removed.",
            "assent verify-ledger",
        ),
        Check(
            "rails",
            "Processors’ policies",
            "Nothing that a processor does not allow can be paid through it.",
            seen.mature_scrips_sold == 0,
            f"{seen.mature_scrips_sold} scrips above ordinary work are sold.",
            "/accounts",
        ),
    )


def _doors(seen: Evidence, at: datetime) -> tuple[Check, ...]:
    return (
        Check(
            "log",
            "House rule",
            "Decisions are in a journal that cannot be edited, with a root published every day.",
            seen.root_on is not None and at.date() - seen.root_on <= FRESH,
            f"Last root: {seen.root_on or 'none'}.",
            "/transparency/roots",
        ),
        Check(
            "reviewer",
            "Mastercard AN 5196",
            "Networks and acquirers can look behind every door, for a limited time.",
            True,
            f"{seen.reviewers} reviewers’ log-ins are in force; an operator makes one for some "
            "days.",
            "assent add-member NAME --role reviewer",
        ),
    )


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}"
