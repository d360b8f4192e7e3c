"""Writes items and what belongs to them. States change by compare-and-set alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from assent.catalogue.models import (
    Bounty,
    Comment,
    Download,
    Entry,
    Item,
    Listing,
    Pledge,
    Screening,
    SearchWord,
    StoredFile,
    Version,
)
from assent.core.casework import is_legal
from assent.core.ledger import PledgeState
from assent.core.offers import BountyDraft
from assent.core.screening.searching import entries_for
from assent.core.screening.verdict import Verdict
from assent.core.settlement import PledgeFacts
from assent.core.terms import FileState, ItemKind, ItemState, Refusal, RefusalKind, Refused

CHANGED = Refusal(
    "changed_meanwhile",
    "This changed while you were looking at it. Nothing was done; please look again.",
    RefusalKind.CONFLICT,
    retry=True,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What its owner wrote about an item."""

    title: str
    description: str
    tags: tuple[str, ...]


def add_item(
    item_id: str, kind: ItemKind, state: ItemState, owner: int, words: Words, at: datetime
) -> None:
    """Insert an item; its kind's own row is inserted by the caller."""
    Item.objects.create(
        id=item_id,
        kind=kind,
        state=state,
        owner_id=owner,
        title=words.title,
        description=words.description,
        tags=list(words.tags),
        created_at=at,
        changed_at=at,
    )


def rewrite(item_id: str, words: Words) -> None:
    """Replace a draft's words, or refuse if it is a draft no longer."""
    changed = Item.objects.filter(id=item_id, state=ItemState.DRAFT).update(
        title=words.title, description=words.description, tags=list(words.tags)
    )
    if not changed:
        raise Refused(CHANGED)


def erase_words(item_ids: Iterable[str]) -> None:
    """Erase what was written about these items, and what screening noted of it. The hashes of
    their files stay, so that what was taken down stays down."""
    ids = list(item_ids)
    Item.objects.filter(id__in=ids).update(title="", description="", tags=[])
    StoredFile.objects.filter(item_id__in=ids).update(name="erased", facts={})
    Screening.objects.filter(item_id__in=ids).update(record={})
    SearchWord.objects.filter(item_id__in=ids).delete()


FOUND_BY_SEARCH = (ItemKind.BOUNTY, ItemKind.LISTING)


def index_words_of(item_ids: Iterable[str]) -> None:
    """Write anew what these items are found by, if they are of a kind that is searched."""
    for row in Item.objects.filter(id__in=set(item_ids), kind__in=FOUND_BY_SEARCH):
        wanted = entries_for(row.title, row.description, tuple(row.tags))
        there = set(SearchWord.objects.filter(item=row).values_list("word", flat=True))
        SearchWord.objects.filter(item=row, word__in=there - wanted).delete()
        SearchWord.objects.bulk_create(
            [SearchWord(item=row, word=word) for word in sorted(wanted - there)],
            ignore_conflicts=True,
        )


def amend(item_id: str, words: Words) -> None:
    """Replace the words of an open bounty, or refuse if it is open no longer."""
    changed = Item.objects.filter(id=item_id, state=ItemState.OPEN).update(
        title=words.title, description=words.description, tags=list(words.tags)
    )
    if not changed:
        raise Refused(CHANGED)


def put_bounty(item_id: str, draft: BountyDraft, grant_id: str | None) -> None:
    """Insert or replace the bounty's own row."""
    Bounty.objects.update_or_create(
        item_id=item_id,
        defaults={
            "work_type": draft.work_type,
            "credits": draft.credits,
            "deadline": draft.deadline,
            "grant_id": grant_id,
            "entry_mode": draft.entry_mode,
            "award_mode": draft.award_mode,
            "entries_max": draft.entries_max,
        },
    )


def mark_reminded(bounty_id: str, at: datetime) -> bool:
    """Mark that everybody was reminded of the deadline; False if they were already."""
    return bool(Bounty.objects.filter(item_id=bounty_id, reminded_at=None).update(reminded_at=at))


def add_entry(item_id: str, bounty_id: str) -> None:
    """Insert the entry's own row."""
    Entry.objects.create(item_id=item_id, bounty_id=bounty_id)


def add_listing(
    item_id: str,
    work_type: str,
    base_model: str,
    version: str,
    grant_id: str | None = None,
    licence: str = "",
    price: int = 0,
) -> None:
    """Insert the listing's own row."""
    Listing.objects.create(
        item_id=item_id,
        work_type=work_type,
        base_model=base_model,
        version=version,
        grant_id=grant_id,
        licence=licence,
        price=price,
    )


def set_price(listing_id: str, price: int) -> None:
    """Change what a listing costs from now on."""
    Listing.objects.filter(item_id=listing_id).update(price=price)


def add_version(item_id: str, listing_id: str, name: str) -> None:
    """Insert the version's own row."""
    Version.objects.create(item_id=item_id, listing_id=listing_id, name=name)


def add_comment(item_id: str, on: str, reply_to: str | None) -> None:
    """Insert the comment's own row."""
    Comment.objects.create(item_id=item_id, on_id=on, reply_to_id=reply_to)


def reword_comment(item_id: str, text: str, at: datetime) -> None:
    """Replace a comment's text; the caller holds its row and moves its state."""
    Item.objects.filter(id=item_id).update(description=text, changed_at=at)
    Comment.objects.filter(item_id=item_id).update(reworded_at=at)


def count_download(item_id: str, user_id: int | None, at: datetime) -> None:
    """Add one to the downloads of a listing or a version, and remember who has a copy now."""
    Listing.objects.filter(item_id=item_id).update(downloads=F("downloads") + 1)
    Version.objects.filter(item_id=item_id).update(downloads=F("downloads") + 1)
    if user_id is not None:
        Download.objects.get_or_create(item_id=item_id, user_id=user_id, defaults={"at": at})


def move(item_id: str, before: ItemState, after: ItemState, at: datetime) -> None:
    """Change an item's state if it is still `before`; an illegal move is our own bug."""
    row = Item.objects.filter(id=item_id).values("kind").first()
    assert row is not None, f"no item {item_id}"
    assert is_legal(ItemKind(row["kind"]), before, after), f"{row['kind']}: {before} → {after}"
    changes: dict[str, Any] = {"state": after, "changed_at": at}
    if after.is_public and not before.is_public and before is not ItemState.HIDDEN:
        changes["published_at"] = at
    if not Item.objects.filter(id=item_id, state=before).update(**changes):
        raise Refused(CHANGED)


def add_pledge(pledge: PledgeFacts, at: datetime) -> None:
    """Insert a pledge."""
    Pledge.objects.create(
        id=pledge.id,
        bounty_id=pledge.bounty,
        supporter_id=pledge.supporter.id,
        amount=pledge.amount,
        state=pledge.state,
        created_at=at,
    )


def move_pledge(pledge_id: str, before: PledgeState, after: PledgeState) -> None:
    """Change a pledge's state if it is still `before`, else refuse."""
    if not Pledge.objects.filter(id=pledge_id, state=before).update(state=after):
        raise Refused(CHANGED)


def add_screening(item_id: str, verdict: Verdict, record: Mapping[str, Any], at: datetime) -> None:
    """Keep a verdict, and set the item's rating from it."""
    Screening.objects.create(
        item_id=item_id,
        at=at,
        policy=verdict.policy,
        outcome=verdict.outcome,
        rule=verdict.rule,
        code=verdict.code,
        sentence=verdict.sentence,
        record=dict(record),
    )
    Item.objects.filter(id=item_id).update(rating=verdict.rating)


def add_file(file_id: str, item_id: str, role: str, name: str, size: int, at: datetime) -> None:
    """Insert a file that waits for its scan."""
    StoredFile.objects.create(
        id=file_id,
        item_id=item_id,
        role=role,
        name=name,
        size=size,
        state=FileState.WAITING,
        created_at=at,
    )


def settle_file(
    file_id: str, state: FileState, facts: Mapping[str, Any], sentence: str = ""
) -> bool:
    """Write what the scan found, once; False when the file was settled already."""
    return bool(
        StoredFile.objects.filter(id=file_id, state=FileState.WAITING).update(
            state=state,
            facts=dict(facts),
            sha256=facts.get("sha256") or "",
            tensor_hash=facts.get("tensor_hash") or "",
            sentence=sentence,
        )
    )


def lock(item_id: str, expected: ItemState) -> None:
    """Hold the item's row until the transaction ends, or refuse if its state is another."""
    row = (
        Item.objects.select_for_update(no_key=True).filter(id=item_id).values_list("state").first()
    )
    if row is None or row[0] != expected:
        raise Refused(CHANGED)


def lock_all(item_ids: Iterable[str]) -> dict[str, ItemState]:
    """Hold these rows until the transaction ends, and return their states. Always in the order
    of their ids, so that two who name the same items cannot wait for each other."""
    rows = Item.objects.select_for_update(no_key=True).filter(id__in=list(item_ids)).order_by("id")
    return {item_id: ItemState(state) for item_id, state in rows.values_list("id", "state")}


def lock_any(item_id: str) -> None:
    """Hold the item's row, whatever its state, until the transaction ends."""
    Item.objects.select_for_update(no_key=True).filter(id=item_id).first()


def restore_screening(item_id: str, before: datetime, at: datetime) -> None:
    """Let the verdict count again that an item had before this moment; nothing where it had none.
    The verdicts in between stay on record."""
    row = Screening.objects.filter(item_id=item_id, at__lt=before).order_by("-at", "-id").first()
    if row is None:
        return
    rating = row.record.get("rating")
    row.pk, row.at = None, at
    row.save(force_insert=True)
    if rating:
        Item.objects.filter(id=item_id).update(rating=rating)
