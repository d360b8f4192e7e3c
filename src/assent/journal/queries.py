"""Reads the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from assent.core.messages import NEWS
from assent.core.terms import ItemState
from assent.core.transparency import Row
from assent.journal.chain import START, Link, faults
from assent.journal.merkle import extension, path, roots
from assent.journal.models import JournalHead, JournalRow, Message, PublishedRoot


def _links() -> Iterator[tuple[Link, str]]:
    for row in JournalRow.objects.order_by("seq").iterator(chunk_size=2000):
        link = Link(
            row.seq, row.at, row.actor, row.verb, row.subject, row.rule, row.data, row.previous
        )
        yield link, row.hash


def head() -> tuple[int, str]:
    """Return (number of rows, hash of the last): what is published as the root."""
    found = JournalHead.objects.filter(id=1).first()
    return (found.seq, found.hash) if found else (0, START)


def chain_faults() -> Iterator[str]:
    """Yield a sentence for each fault in the stored chain."""
    return faults(_links(), head())


def events_of(subject: str) -> list[Link]:
    """Return what happened to one subject, oldest first."""
    rows = JournalRow.objects.filter(subject=subject).order_by("seq")
    return [Link(r.seq, r.at, r.actor, r.verb, r.subject, r.rule, r.data, r.previous) for r in rows]


def unsent_messages(at: datetime, limit: int = 200) -> list[str]:
    """Return the ids of messages to members that are due at this moment, oldest first."""
    waiting = Message.objects.filter(sent_at__isnull=True, case=None).exclude(after__gt=at)
    return list(waiting.order_by("at").values_list("id", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """What was told to whoever asked for a takedown."""

    id: str
    at: datetime
    case: str
    template: str
    data: Mapping[str, Any]


def unsent_case_letters(at: datetime, limit: int = 200) -> list[CaseLetter]:
    """Return what is due to be sent to whoever asked for a takedown, oldest first."""
    rows = Message.objects.filter(sent_at__isnull=True, case__isnull=False).exclude(after__gt=at)
    return [_case_letter(row) for row in rows.order_by("at", "id")[:limit]]


def told_in_case(case_key: str) -> list[CaseLetter]:
    """Return all that was told to whoever opened this case, the latest first."""
    return [_case_letter(m) for m in Message.objects.filter(case=case_key).order_by("-at", "-id")]


def _case_letter(row: Message) -> CaseLetter:
    return CaseLetter(row.id, row.at, row.case_id or "", row.template, row.data)


def hash_at(seq: int) -> str:
    """Return the hash of a row; the start value for row 0, empty where there is no such row."""
    if seq == 0:
        return START
    return JournalRow.objects.filter(seq=seq).values_list("hash", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Root:
    """A Merkle root over the first `rows` rows; everything up to `at` is among them. `extends`
    proves that its tree begins with the one published before; None where that is not known."""

    rows: int
    root: str
    at: datetime | None
    extends: tuple[str, ...] | None = field(default=None, compare=False)


def rows_before(end: datetime) -> Iterator[Row]:
    """Yield the rows of the journal that are dated before a moment, from the first on."""
    rows = JournalRow.objects.filter(at__lt=end).order_by("seq")
    found = rows.values_list("at", "verb", "subject", "rule", "data", "actor")
    for row in found.iterator(chunk_size=2000):
        yield Row(*row)


def published_roots() -> list[tuple[date, Root]]:
    """Return each day's published root, latest day first."""
    return [
        (r.day, Root(r.rows, r.root, r.at, None if r.extends is None else tuple(r.extends)))
        for r in PublishedRoot.objects.order_by("-day")
    ]


def tree_of(size: int) -> tuple[str, list[str]]:
    """Return the root over the first `size` rows, and what proves that it extends the tree that was
    published last. Reads the hash of every row."""
    rows = JournalRow.objects.filter(seq__lte=size).order_by("seq")
    hashes = list(rows.values_list("hash", flat=True).iterator(chunk_size=2000))
    last = PublishedRoot.objects.order_by("-day").first()
    old = min(last.rows, size) if last else 0
    return dict(roots(hashes, [size]))[size], extension(hashes, old)


def merkle_roots(sizes: Iterable[int]) -> dict[int, str]:
    """Return the Merkle root over the first `size` rows, for each size that the journal has."""
    hashes = JournalRow.objects.order_by("seq").values_list("hash", flat=True)
    return dict(roots(hashes.iterator(chunk_size=2000), sizes))


def root_faults(published: Iterable[Root]) -> Iterator[str]:
    """Yield a sentence for each published root that is not the journal's, and for each date that
    contradicts one: what stands before a root is not dated after it, nor the other way round."""
    known = list(published)
    now = merkle_roots(one.rows for one in known)
    for one in known:
        if now.get(one.rows) != one.root:
            yield (
                f"The published root at row {one.rows} is not in this journal: "
                "it was rewritten or cut off since."
            )
        if one.at is None:
            continue
        after = JournalRow.objects.filter(seq__gt=one.rows, at__lt=one.at).order_by("seq").first()
        if after:
            yield f"Row {after.seq} is dated before a root that was published without it."
        if JournalRow.objects.filter(seq__lte=one.rows, at__gt=one.at).exists():
            yield f"The root at row {one.rows} was published before rows in it are dated."


@dataclass(frozen=True, slots=True)
class Told:
    """A message as its reader gets it; `about` is the item that it is about."""

    at: datetime
    template: str
    data: Mapping[str, Any]
    about: str | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Part of what somebody was told, and where the next part starts (None at the end)."""

    messages: tuple[Told, ...]
    next: str | None


def messages_to(user_id: int, after: str = "", limit: int = 30) -> ToldPage:
    """Return what a member was told, the latest first. A message of a case is nobody's, and news
    of what is gone is gone with it."""
    rows = _told(user_id)
    last = Message.objects.filter(id=after, user_id=user_id).first()
    if last is not None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    told = tuple(
        Told(m.at, m.template, m.data, m.about_id, m.read_at is None) for m in found[:limit]
    )
    return ToldPage(told, found[limit - 1].id if len(found) > limit else None)


def unread_by(user_id: int) -> int:
    """Return how much of what a member was told they have not read."""
    return _told(user_id).filter(read_at=None).count()


def _told(user_id: int) -> QuerySet[Message]:
    gone = [s for s in ItemState if s.is_gone]
    rows = Message.objects.filter(user_id=user_id, case=None)
    rows = rows.filter(Q(after=None) | Q(sent_at__isnull=False))
    return rows.exclude(template__in=NEWS, about__state__in=gone)


def inclusion(subject: str) -> dict[str, Any]:
    """Return the rows of one subject and their paths to the latest published root, as JSON."""
    latest = PublishedRoot.objects.order_by("-day").first()
    if latest is None:
        return {"proofs": []}
    rows = JournalRow.objects.filter(seq__lte=latest.rows).order_by("seq")
    hashes = list(rows.values_list("hash", flat=True))
    proofs = [
        {"row": asdict(one) | {"at": one.at.isoformat()}, "path": path(hashes, one.seq)}
        for one in events_of(subject)
        if one.seq <= latest.rows
    ]
    return {"rows": latest.rows, "root": latest.root, "day": str(latest.day), "proofs": proofs}
