"""Reads what a second person looks at: reviews of quality, second opinions; and how much somebody
has looked at today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from assent.casework.models import Exposure, QualityReview, SecondOpinion
from assent.core.access import Denied, Person, may_use_queue
from assent.core.casework import Placement
from assent.core.quality import Agreement, agreement
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused

_NOT_YOURS = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
OPEN_OPINION = Refusal(
    "opinion_open",
    "Somebody asked for a second opinion on this. It stays held until a colleague has answered, or "
    "the question is taken back.",
    RefusalKind.CONFLICT,
    retry=True,
)
# What each rule of a person's decision on a held item did.
DID = {"moderator.approved": Placement.PUBLISH, "moderator.refused": Placement.REFUSE}
_GONE = [s for s in ItemState if s.is_gone]


@dataclass(frozen=True, slots=True)
class ToReview:
    """A decision that was drawn, for somebody who does not know it: no word of what it was."""

    id: str
    item: str
    kind: ItemKind
    title: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What two people decided on the same item, each without knowing of the other."""

    id: str
    item: str
    kind: ItemKind
    title: str
    first: Placement
    first_name: str
    second: Placement
    second_name: str
    at: datetime

    @property
    def alike(self) -> bool:
        """Whether they agree."""
        return self.first is self.second


def to_review(viewer: Person, limit: int = 100) -> list[ToReview]:
    """Return what waits for a second person and is not the viewer's own, neither item nor
    decision, the longest waiting first. What was taken down since is shown to nobody."""
    rows = _waiting(viewer).order_by("drawn_at", "decision_id")[:limit]
    return [_to_review(row) for row in rows]


def one_to_review(viewer: Person, review_id: str) -> ToReview:
    """Return one of them, or refuse: what is somebody's own does not exist for them."""
    row = _waiting(viewer).filter(decision_id=review_id).first()
    if row is None:
        raise Refused(_NOT_YOURS)
    return _to_review(row)


def _waiting(viewer: Person) -> QuerySet[QualityReview]:
    require_staff(viewer)
    rows = QualityReview.objects.filter(at=None).exclude(decision__item__state__in=_GONE)
    rows = rows.exclude(decision__actor_id=viewer.id).exclude(decision__item__owner_id=viewer.id)
    return rows.select_related("decision__item")


def _to_review(row: QualityReview) -> ToReview:
    item = row.decision.item
    assert item is not None, "only decisions on one item are drawn"
    return ToReview(row.decision_id, item.id, ItemKind(item.kind), item.title, row.drawn_at)


def first_placement(review_id: str) -> Placement:
    """Return what the first person decided. For the second, who has decided."""
    return DID[QualityReview.objects.select_related("decision").get(pk=review_id).decision.rule]


def agreed_since(since: datetime | None = None) -> Agreement:
    """Return how well first and second decisions agree, of all times or since a moment."""
    rows = QualityReview.objects.filter(at__isnull=False)
    if since is not None:
        rows = rows.filter(at__gte=since)
    pairs = rows.order_by("at").values_list("decision__rule", "placement")
    return agreement((DID[rule], Placement(second)) for rule, second in pairs)


def differing(limit: int = 20) -> list[Reviewed]:
    """Return the latest reviews in which the two differ, of what is still here."""
    rows = QualityReview.objects.filter(at__isnull=False)
    rows = rows.exclude(decision__item__state__in=_GONE)
    rows = rows.select_related("decision__item", "decision__actor", "by").order_by("-at")
    found = (_reviewed(row) for row in rows[: limit * 20])
    return [one for one in found if not one.alike][:limit]


def _reviewed(row: QualityReview) -> Reviewed:
    item, first, second = row.decision.item, row.decision.actor, row.by
    assert item is not None, "only decisions on one item are drawn"
    assert first is not None, "only a person's decisions are drawn"
    assert second is not None, "somebody reviewed it"
    assert row.at is not None, "it is dated"
    return Reviewed(
        row.decision_id, item.id, ItemKind(item.kind), item.title, DID[row.decision.rule],
        first.username, Placement(row.placement), second.username, row.at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """A question to colleagues about a held item, and the answer."""

    id: str
    item: str
    kind: ItemKind
    title: str
    asked_by: int
    asked_name: str
    at: datetime
    question: str
    ended_at: datetime | None
    answered_name: str
    leaning: str
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.ended_at is None


def opinions_on(item_id: str) -> list[Opinion]:
    """Return every question about an item that was not taken back, the latest first. For staff."""
    rows = _opinions().filter(item_id=item_id).order_by("-at", "-id")
    found = [_opinion(row) for row in rows]
    return [one for one in found if one.is_open or one.answered_name]


def open_opinions() -> list[Opinion]:
    """Return the questions that wait for an answer, about what is held, the oldest first. For
    staff: check before."""
    rows = _opinions().filter(ended_at=None, item__state=ItemState.HELD).order_by("at", "id")
    return [_opinion(row) for row in rows]


def open_opinion(item_id: str) -> Opinion | None:
    """Return the open question about an item."""
    row = _opinions().filter(item_id=item_id, ended_at=None).first()
    return _opinion(row) if row else None


def require_no_opinion(item_id: str) -> None:
    """Refuse a decision on what waits for a second opinion."""
    if SecondOpinion.objects.filter(item_id=item_id, ended_at=None).exists():
        raise Refused(OPEN_OPINION)


def waiting_for_opinion(item_ids: Iterable[str]) -> set[str]:
    """Return those of these items about which a question is open."""
    rows = SecondOpinion.objects.filter(item_id__in=list(item_ids), ended_at=None)
    return set(rows.values_list("item_id", flat=True))


def _opinions() -> QuerySet[SecondOpinion]:
    return SecondOpinion.objects.select_related("item", "asked_by", "answered_by")


def _opinion(row: SecondOpinion) -> Opinion:
    answered = row.answered_by.username if row.answered_by else ""
    return Opinion(
        row.id, row.item_id, ItemKind(row.item.kind), row.item.title, row.asked_by_id,
        row.asked_by.username, row.at, row.question, row.ended_at, answered, row.leaning,
        row.answer,
    )  # fmt: skip


def pictures_today(member: int, today: date) -> int:
    """Return of how many items somebody opened pictures today. For themselves alone."""
    return Exposure.objects.filter(member_id=member, day=today).count()


def has_seen(member: int, item: str, today: date) -> bool:
    """Whether that is counted already."""
    return Exposure.objects.filter(member_id=member, day=today, item_id=item).exists()


def require_staff(viewer: Person) -> None:
    """Refuse whoever does not work the queue."""
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
