"""Reads decisions as statements of reasons. Whoever may read one is asked for here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assent.casework.models import Appeal, CaseItem, Effect, SentStatement
from assent.core.access import Person
from assent.core.reasons.research import Decided
from assent.core.reasons.statement import Facts, Statement, statement_of
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused, WorkType

UNKNOWN = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
RESTRICTING = (ItemState.HELD, ItemState.REFUSED, ItemState.HIDDEN, ItemState.REMOVED)


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal: who objects to what, what they wrote, and how it was answered."""

    id: str
    statement: Statement
    effect: int
    by: int
    by_name: str
    decider: int | None
    at: datetime
    deadline: datetime
    text: str
    answered_at: datetime | None
    reversed: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """A statement as its reader gets it, with their last appeal."""

    statement: Statement
    owner: int
    effect: int
    appeal: AppealView | None


def statement(viewer: Person, statement_id: str) -> Given:
    """Return a statement to the owner of the item or to staff, or refuse: to anybody else it does
    not exist. An owner reads what a notice hid once the batch went out."""
    decision, _, item = statement_id.partition("-")
    row = _rows().filter(decision_id=decision, item_id=item).first()
    found = _statement(row) if row else None
    if row is None or found is None:
        raise Refused(UNKNOWN)
    owns = viewer.id is not None and viewer.id == row.item.owner_id
    staff = viewer.id is not None and viewer.role.is_staff
    if not staff and not (owns and _is_told(row)):
        raise Refused(UNKNOWN)
    last = row.appeals.select_related("by").order_by("-at", "-id").first()
    return Given(found, row.item.owner_id, row.id, _appeal(last, row, found) if last else None)


def statements_of(user_id: int, limit: int = 100) -> list[Given]:
    """Return the statements about a member's items, the latest first."""
    rows = _rows().filter(item__owner_id=user_id).order_by("-decision__at", "-id")[:limit]
    return [
        Given(found, user_id, row.id, None)
        for row in rows
        if _is_told(row) and (found := _statement(row))
    ]


def latest_of(item_id: str) -> str:
    """Return the id of the latest statement about an item; empty where there is none."""
    row = _rows().filter(item_id=item_id).order_by("-decision__at", "-id").first()
    found = _statement(row) if row and _is_told(row) else None
    return found.id if found else ""


def all_statements(since: datetime, until: datetime, *, minors: bool = True) -> Iterator[Statement]:
    """Yield every statement of a time in the order of the decisions, for reports and exports;
    without `minors`, none of cases about apparent minors, whose uploaders hear nothing."""
    rows = _rows().filter(decision__at__gte=since, decision__at__lt=until)
    if not minors:
        rows = rows.exclude(decision__case__under_18=True)
    for row in rows.order_by("decision__at", "id").iterator(chunk_size=500):
        found = _statement(row)
        if found is not None:
            yield found


def sent_already(puids: Iterable[str]) -> set[str]:
    """Return those of these statements that were sent to the EU's database, taken or not."""
    found = SentStatement.objects.filter(puid__in=list(puids))
    return set(found.values_list("puid", flat=True))


def refused_by_eu() -> int:
    """Return how many statements the EU's database did not take."""
    return SentStatement.objects.filter(taken=False).count()


def decided(since: datetime, until: datetime) -> Iterator[Decided]:
    """Yield every restriction of a time with who decided and how an objection ended, in the order
    of the decisions; without cases about apparent minors."""
    rows = _rows().filter(decision__at__gte=since, decision__at__lt=until)
    rows = rows.exclude(decision__case__under_18=True).prefetch_related("appeals")
    for row in rows.order_by("decision__at", "id").iterator(chunk_size=500):
        found = _statement(row)
        if found is not None:
            answers = [appeal.reversed for appeal in row.appeals.all()]
            last = next((a for a in reversed(answers) if a is not None), None)
            yield Decided(found, row.decision.actor_id, bool(answers), last)


@dataclass(frozen=True, slots=True)
class Untold:
    """What a takedown request did to an item, of which its owner was not told yet."""

    effect: int
    owner: int
    item: str
    kind: str
    after: ItemState


def untold(hidden_before: datetime, removed_before: datetime) -> list[Untold]:
    """Return what was hidden and removed before these moments and nobody was told of. About an
    apparent minor nobody is told anything."""
    hidden = Q(after=ItemState.HIDDEN, decision__at__lt=hidden_before)
    removed = Q(after=ItemState.REMOVED, decision__at__lt=removed_before)
    rows = Effect.objects.filter(
        hidden | removed,
        decision__case__isnull=False,
        decision__case__under_18=False,
        told_at=None,
    )
    return [
        Untold(r.id, r.item.owner_id, r.item_id, r.item.kind, ItemState(r.after))
        for r in rows.select_related("item").order_by("id")[:200]
    ]


def open_appeals() -> list[AppealView]:
    """Return the appeals that wait, the nearest deadline first. For staff: check before."""
    rows = Appeal.objects.filter(answered_at=None).order_by("deadline", "id")
    return [view for row in rows if (view := appeal(row.id))]


def appeal(appeal_id: str) -> AppealView | None:
    """Return an appeal; None where there is none. For staff: check before."""
    row = Appeal.objects.select_related("by").filter(id=appeal_id).first()
    effect = _rows().filter(id=row.effect_id).first() if row else None
    found = _statement(effect) if effect else None
    return _appeal(row, effect, found) if row and effect and found else None


def _rows() -> QuerySet[Effect]:
    how = CaseItem.objects.filter(case=OuterRef("decision__case"), item=OuterRef("item"))
    return (
        Effect.objects.filter(after__in=RESTRICTING)
        .select_related(
            "decision", "item", "item__bounty", "item__listing",
            "item__entry__bounty", "item__version__listing",
        )
        .annotate(found_as=Subquery(how.values("how")[:1]))
    )  # fmt: skip


def _is_told(row: Effect) -> bool:
    return row.decision.case_id is None or row.told_at is not None


def _statement(row: Effect) -> Statement | None:
    decision, item = row.decision, row.item
    return statement_of(
        Facts(
            decision.id, decision.at, decision.rule, decision.code, decision.policy,
            decision.actor_id is not None, item.id, ItemKind(item.kind), _work_type(row),
            item.created_at.date(), ItemState(row.before), ItemState(row.after),
            getattr(row, "found_as", None) or "",
            _is_sold(row),
        )
    )  # fmt: skip


def _is_sold(row: Effect) -> bool:
    listing = getattr(row.item, "listing", None)
    return listing is not None and listing.sales.exists()


def _work_type(row: Effect) -> WorkType | None:
    item = row.item
    for one in (
        getattr(item, "bounty", None),
        getattr(item, "listing", None),
        getattr(getattr(item, "entry", None), "bounty", None),
        getattr(getattr(item, "version", None), "listing", None),
    ):
        if one is not None:
            return WorkType(one.work_type)
    return None


def _appeal(row: Appeal, effect: Effect, found: Statement) -> AppealView:
    return AppealView(
        row.id, found, effect.id, row.by_id, row.by.username, effect.decision.actor_id, row.at,
        row.deadline, row.text, row.answered_at, row.reversed, row.reason,
    )  # fmt: skip
