"""What the person who asked may see of their case, by number and PIN."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from assent.casework.models import Case, CaseItem, Notice
from assent.casework.models import Complaint as ComplaintRow
from assent.core.notices import COMPLAINT_TIME, Complaint, Ground
from assent.core.terms import CaseState, Refusal, RefusalKind, Refused

UNKNOWN_CASE = Refusal(
    "no_such_case",
    "This number and PIN do not belong together. Please check both and try again.",
    RefusalKind.NOT_FOUND,
)
MOVED_ON = Refusal(
    "case_moved_on",
    "Somebody else has worked on this case meanwhile. Please look again.",
    RefusalKind.CONFLICT,
)
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """What the person who asked may see: `hidden` counts only what their notice itself named by
    link or id, so that the form finds nothing for anybody."""

    key: str
    number: str
    state: CaseState
    received_at: datetime
    deadline: datetime
    decided_at: datetime | None
    hidden: int
    searching: bool
    outcome: str
    ground: Ground | None = None
    language: str = "en"
    missing: tuple[str, ...] = ()
    kept: bool = False
    blocked: int = 0
    complaint: Complaint = Complaint.NONE
    # How the person is reached (empty once erased), and whether they have shown that they are.
    reached_by: str = ""
    confirmed: bool = False
    # What belongs to the case beyond what the notice named: told only where that was confirmed.
    others: int = 0
    under_18: bool = False
    danger: bool = False
    late_because: str = ""
    # Until when somebody must look at what the brakes kept from hiding. For staff.
    look_by: datetime | None = None

    def is_late(self, at: datetime) -> bool:
        """Whether its clock was missed: decided too late, or not decided yet."""
        return (self.decided_at or at) > self.deadline

    @property
    def may_complain_until(self) -> datetime | None:
        """Until when the person may ask for another look; None before there is a decision."""
        return self.decided_at + COMPLAINT_TIME if self.decided_at else None


def normalised_number(number: str) -> str:
    """Return a case number as we write it, however it was typed."""
    plain = "".join(c for c in number.upper() if c.isalnum())
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))[:40]


def status(number: str, given: str) -> CaseStatus:
    """Return a case by its number and the digest of its PIN, or one refusal for a wrong PIN and
    an unknown number. Both do the same work: one look-up, one comparison in constant time."""
    row = Case.objects.filter(number=normalised_number(number)).first()
    known = row.pin_digest if row and row.pin_digest else _NOBODY
    right = hmac.compare_digest(given, known)
    if row is None or not right:
        raise Refused(UNKNOWN_CASE)
    return status_of(row)


def status_by_key(case_key: str) -> CaseStatus:
    """Return a case by its random key, which only its own page carries on, or refuse."""
    row = Case.objects.filter(id=case_key).exclude(pin_digest="").first()
    if row is None:
        raise Refused(UNKNOWN_CASE)
    return status_of(row)


def status_of(row: Case) -> CaseStatus:
    """Return a case as the person sees it."""
    return statuses_of(Case.objects.filter(id=row.id))[0]


def statuses_of(rows: QuerySet[Case]) -> list[CaseStatus]:
    """Return cases as the persons see them, in the order of the rows and in three queries, however
    many they are."""
    items = CaseItem.objects.filter(case=OuterRef("pk")).order_by().values("case")
    named, others = items.filter(how="named"), items.exclude(how="named")
    counted = rows.annotate(
        named_count=Subquery(named.annotate(n=Count("pk")).values("n")),
        others_count=Subquery(others.annotate(n=Count("pk")).values("n")),
    )
    complaints = ComplaintRow.objects.order_by("-at", "-id")
    return [
        _status(row)
        for row in counted.prefetch_related("notice", Prefetch("complaints", complaints))
    ]


def _status(row: Case) -> CaseStatus:
    notice: Notice | None = getattr(row, "notice", None)
    confirmed = row.confirmed_at is not None
    return CaseStatus(
        row.id,
        row.number,
        CaseState(row.state),
        row.received_at,
        row.deadline,
        row.decided_at,
        getattr(row, "named_count", 0) or 0,
        row.needs_search,
        row.outcome,
        Ground(row.ground) if row.ground else None,
        row.language,
        tuple(row.missing),
        blocked=row.blocked,
        complaint=_complaint(row),
        reached_by=(notice.contact or {}).get("kind", "box") if notice else "",
        confirmed=confirmed,
        others=(getattr(row, "others_count", 0) or 0) if confirmed else 0,
        under_18=row.under_18,
        danger=row.danger,
        late_because=row.late_because,
        look_by=row.triage_by,
    )


def _complaint(row: Case) -> Complaint:
    last = next(iter(row.complaints.all()), None)  # the latest first, as they were fetched
    if last is None:
        return Complaint.NONE
    if last.answered_at is None:
        return Complaint.OPEN
    return Complaint.UPHELD if last.upheld else Complaint.REJECTED
