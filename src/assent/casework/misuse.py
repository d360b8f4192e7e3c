"""Reads what was found about requests plainly without ground, for staff, flows and the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from assent.casework.models import Case, Complaint, MisuseFinding, Notice
from assent.casework.status import UNKNOWN_CASE, status_of
from assent.core.access import Denied, Person, may_use_queue
from assent.core.misuse import COUNTS_FOR, Before, Judged, Step
from assent.core.terms import Refusal, Refused

TURNED_DOWN = "turned_down"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as staff see it; its sender reads `reason`, `step`, `until` and what became of
    their own objection."""

    case: str
    number: str
    by: int
    by_name: str
    at: datetime
    reason: str
    agreed_by: int | None
    agreed_at: datetime | None
    step: Step | None
    until: datetime | None
    objected_at: datetime | None
    objection: str
    answer_by: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    upheld: bool | None

    @property
    def waits(self) -> bool:
        """Whether nobody has agreed to it yet."""
        return self.agreed_at is None

    @property
    def is_objected(self) -> bool:
        """Whether an objection to it waits for an answer."""
        return self.objected_at is not None and self.answered_at is None and not self.ended_at

    def is_in_force(self, at: datetime) -> bool:
        """Whether anything follows from it now."""
        lasts = self.until is not None and self.until > at
        return lasts and not self.ended_at and not self.is_objected


def finding_of(case_key: str) -> Finding | None:
    """Return what was found, or proposed to be found, about a case."""
    row = _rows().filter(case_id=case_key).first()
    return _finding(row) if row else None


def judged(case_key: str) -> Judged:
    """Return what counts of a case when somebody asks whether it was misuse."""
    row = Case.objects.filter(id=case_key).first()
    if row is None:
        raise Refused(UNKNOWN_CASE)
    status = status_of(row)
    return Judged(
        status.outcome == TURNED_DOWN and status.decided_at is not None,
        status.ground,
        row.intimate or row.under_18 or row.danger,
        status.confirmed,
        status.complaint,
        row.source == "person",
    )


def took_part(case_key: str) -> frozenset[int]:
    """Return the ids of those who decided a case."""
    row = Case.objects.get(id=case_key)
    deciders = row.decision_set.exclude(actor=None).values_list("actor", flat=True)
    second = row.proposals.values_list("by", "agreed_by")
    return frozenset({*deciders, *(who for pair in second for who in pair if who)})


def before(sender: str, case_key: str, at: datetime) -> list[Before]:
    """Return the findings about earlier requests of a sender which stand now: none that is under
    an objection, or whose case is under a complaint."""
    rows = _standing(sender, at).exclude(case_id=case_key)
    return [Before(told) for told in rows.values_list("agreed_at", flat=True) if told]


def is_braked(sender: str, at: datetime) -> bool:
    """Return whether a person looks first where a request gives this contact."""
    return _standing(sender, at).filter(step=Step.BRAKE, until__gt=at).exists()


def decided_contacts(since: datetime) -> list[Mapping[str, str]]:
    """Return the sealed contact of each request decided since then whose sender was confirmed."""
    rows = Notice.objects.filter(
        case__confirmed_at__isnull=False, case__decided_at__gte=since, case__source="person"
    )
    return [contact for contact in rows.values_list("contact", flat=True) if contact]


def open_findings(viewer: Person) -> list[Finding]:
    """Return what waits: proposals for a second person, objections for a third; or refuse."""
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    waits = Q(agreed_at=None) | Q(objected_at__isnull=False, answered_at=None)
    return [_finding(row) for row in _rows().filter(waits, ended_at=None).order_by("at", "case_id")]


def run_out(at: datetime) -> list[str]:
    """Return the cases whose finding, or proposal of one, counts no more."""
    over = MisuseFinding.objects.filter(at__lte=at - COUNTS_FOR)
    return list(over.exclude(agreed_at__gt=at - COUNTS_FOR).values_list("case_id", flat=True))


def _standing(sender: str, at: datetime) -> QuerySet[MisuseFinding]:
    complaints = Complaint.objects.filter(case=OuterRef("case"), answered_at=None)
    rows = MisuseFinding.objects.filter(
        ~Exists(complaints),
        sender=sender,
        agreed_at__gt=at - COUNTS_FOR,
        ended_at=None,
        case__outcome=TURNED_DOWN,
    )
    return rows.exclude(sender="").exclude(objected_at__isnull=False, answered_at=None)


def _rows() -> QuerySet[MisuseFinding]:
    return MisuseFinding.objects.select_related("case", "by")


def _finding(row: MisuseFinding) -> Finding:
    return Finding(
        row.case_id, row.case.number, row.by_id, row.by.username, row.at, row.reason,
        row.agreed_by_id, row.agreed_at, Step(row.step) if row.step else None, row.until,
        row.objected_at, row.objection, row.answer_by, row.answered_at, row.ended_at, row.upheld,
    )  # fmt: skip
