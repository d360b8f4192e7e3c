"""A big marketplace, seeded in bulk: a known tenth of its listings is in scope of the rules, though
nobody had looked at them yet; the files have rows and facts, and no bytes."""

from __future__ import annotations

from datetime import UTC, datetime

from assent.catalogue.models import Item, Listing, Screening, StoredFile
from assent.core.screening.policies import default_policy
from assent.core.terms import FileState, ItemKind, ItemState, Rating, WorkType
from tests.flows.market import SINGER, join

WORDS = "Loose brush work on cold paper, trained on my own sketches of foxes, hills and mist. " * 4
CLEAN = {
    "policy": "2025-01",
    "likeness": {"probability": 0.0, "subject": None, "subject_kind": "none"},
    "rating": "sfw",
    "signals": [],
}
IN_SCOPE = 10  # every so many
AT = datetime(2026, 1, 1, tzinfo=UTC)


def item_id(number: int) -> str:
    """Return the id of an item; spread, so that those in scope are not side by side."""
    return f"z{number * 7919 % 1_000_003:011d}"


def is_in_scope(number: int) -> bool:
    """Return whether the rules forbid it."""
    return number % IN_SCOPE == 0


def seed(count: int, chunk: int = 5_000) -> None:
    """Add this many public listings, each with a file and the verdict of long ago."""
    owners = [join(f"maker{n}").id for n in range(50)]
    for start in range(0, count, chunk):
        numbers = range(start, min(start + chunk, count))
        Item.objects.bulk_create([_item(n, owners[n % len(owners)]) for n in numbers])
        Listing.objects.bulk_create(
            [Listing(item_id=item_id(n), work_type=WorkType.LORA) for n in numbers]
        )
        StoredFile.objects.bulk_create([_file(n) for n in numbers])
        Screening.objects.bulk_create([_screening(n) for n in numbers])


def _item(n: int, owner: int) -> Item:
    return Item(
        id=item_id(n),
        kind=ItemKind.LISTING,
        state=ItemState.PUBLISHED,
        owner_id=owner,
        title=SINGER if is_in_scope(n) else f"Watercolour fox {n}",
        description=WORDS,
        tags=["fox", "mist"],
        rating=Rating.SFW,
        created_at=AT,
        published_at=AT,
        changed_at=AT,
    )


def _file(n: int) -> StoredFile:
    facts = {"format": "safetensors", "training_subject": [{"from": "folder", "text": "10_fox"}]}
    return StoredFile(
        id=f"f{item_id(n)[1:]}",
        item_id=item_id(n),
        role="work",
        name="fox.safetensors",
        size=1_000,
        state=FileState.CLEAN,
        sha256=f"{n:064x}",
        facts=facts,
        created_at=AT,
    )


def _screening(n: int) -> Screening:
    likeness = {"probability": 0.5, "subject": None, "subject_kind": "public_figure"}
    return Screening(
        item_id=item_id(n),
        at=AT,
        policy=default_policy().id,
        outcome="allow",
        rule="nothing-against-it",
        code="ok",
        sentence="",
        record=CLEAN | ({"likeness": likeness} if is_in_scope(n) else {}),
    )
