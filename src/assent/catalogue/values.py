"""What pages are given: frozen values, so that a page cannot save what it was handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assent.core.access import Facts
from assent.core.ledger import PledgeState
from assent.core.offers import ENTRIES_BY_DEFAULT
from assent.core.settlement import Party, PledgeFacts
from assent.core.terms import AwardMode, EntryMode, FileState, ItemKind, ItemState, Rating, WorkType


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item's words and state."""

    id: str
    kind: ItemKind
    state: ItemState
    owner: int
    owner_name: str
    title: str
    description: str
    tags: tuple[str, ...]
    rating: Rating
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file: `sentence` says why it was refused; `facts` is what the scan found."""

    id: str
    item: str
    role: str
    name: str
    size: int
    state: FileState
    sentence: str
    sha256: str
    tensor_hash: str
    facts: Mapping[str, Any]

    @property
    def is_clean(self) -> bool:
        """Whether it may be opened at all."""
        return self.state is FileState.CLEAN


@dataclass(frozen=True, slots=True)
class Origin:
    """Where work comes from: its kind, and the reference of the consent record that it rests on."""

    work_type: WorkType
    record: str | None


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A pledge and whose it is."""

    id: str
    supporter: int
    supporter_key: str
    supporter_name: str
    amount: int
    state: PledgeState
    created_at: datetime

    def facts(self, bounty: str) -> PledgeFacts:
        """The pledge as money sees it."""
        supporter = Party(self.supporter, self.supporter_key)
        return PledgeFacts(self.id, bounty, supporter, self.amount, self.state)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its files, and what access needs to know of it."""

    item: ItemView
    bounty: str
    bounty_title: str
    files: tuple[FileView, ...]
    facts: Facts
    origin: Origin

    @property
    def works(self) -> tuple[FileView, ...]:
        """The files that were asked for."""
        return tuple(f for f in self.files if f.role == "work")

    @property
    def images(self) -> tuple[FileView, ...]:
        """Sample images that may be shown."""
        return tuple(f for f in self.files if f.role == "image" and f.is_clean)


@dataclass(frozen=True, slots=True)
class BountyView:
    """A bounty with its pledges and the entries that the viewer may see."""

    item: ItemView
    work_type: WorkType
    credits: int
    deadline: date
    grant: str | None
    pledges: tuple[PledgeView, ...]
    entries: tuple[EntryView, ...]
    facts: Facts
    entry_mode: EntryMode = EntryMode.OPEN
    award_mode: AwardMode = AwardMode.REQUESTER
    entries_max: int = ENTRIES_BY_DEFAULT

    @property
    def total(self) -> int:
        """Credits behind it: what the supporters have put in, less what was refunded."""
        return sum(p.amount for p in self.pledges if p.state is not PledgeState.REFUNDED)

    @property
    def pledge_facts(self) -> tuple[PledgeFacts, ...]:
        """Its pledges as money sees them."""
        return tuple(p.facts(self.item.id) for p in self.pledges)


@dataclass(frozen=True, slots=True)
class ListingView:
    """A listing with its files."""

    item: ItemView
    work_type: WorkType
    base_model: str
    version: str
    downloads: int
    files: tuple[FileView, ...]
    facts: Facts
    origin: Origin
    licence: str = ""
    price: int = 0

    @property
    def works(self) -> tuple[FileView, ...]:
        """The files on offer."""
        return tuple(f for f in self.files if f.role == "work" and f.is_clean)

    @property
    def images(self) -> tuple[FileView, ...]:
        """Sample images that may be shown."""
        return tuple(f for f in self.files if f.role == "image" and f.is_clean)


@dataclass(frozen=True, slots=True)
class VersionView:
    """A later version of a listing with its files."""

    item: ItemView
    listing: str
    listing_title: str
    name: str
    downloads: int
    files: tuple[FileView, ...]
    facts: Facts
    origin: Origin

    @property
    def works(self) -> tuple[FileView, ...]:
        """The files on offer."""
        return tuple(f for f in self.files if f.role == "work")

    @property
    def images(self) -> tuple[FileView, ...]:
        """Sample images that may be shown."""
        return tuple(f for f in self.files if f.role == "image" and f.is_clean)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment: `on` is the item that it is about, `sentence` why it is not public, for those
    who may know, and `may` the verbs that the viewer has."""

    item: ItemView
    on: str
    on_kind: ItemKind
    on_title: str
    reply_to: str | None
    reworded_at: datetime | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Card:
    """One item in a list. `credits` and `deadline` are a bounty's, `price` is a listing's;
    `image` is a file id; `bounty`
    and `bounty_title` are of what an entry, a version or a comment belongs to (no title where that
    was taken down)."""

    item: ItemView
    work_type: WorkType | None
    credits: int
    supporters: int
    entries: int
    deadline: date | None
    image: str | None
    is_made_by_ai: bool
    bounty: str | None = None
    bounty_title: str = ""
    price: int = 0


@dataclass(frozen=True, slots=True)
class CardPage:
    """Part of a list, and where the next part starts (None at the end)."""

    cards: tuple[Card, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """The last verdict on an item, as its owner and moderators see it."""

    at: datetime
    policy: str
    outcome: str
    rule: str
    code: str
    sentence: str
    record: Mapping[str, Any]
