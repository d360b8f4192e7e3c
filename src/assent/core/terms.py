"""The glossary as types: one word, one meaning, the same in code, page and letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a log-in may do beyond its own things."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    REVIEWER = "reviewer"

    @property
    def is_staff(self) -> bool:
        """Moderators and operators act on other people's items; auditors and reviewers only
        read."""
        return self in (Role.MODERATOR, Role.OPERATOR)


class ItemKind(StrEnum):
    """Every hosted thing is an item of one of these kinds."""

    BOUNTY = "bounty"
    ENTRY = "entry"
    LISTING = "listing"
    VERSION = "version"
    COMMENT = "comment"

    @property
    def has_parent(self) -> bool:
        """Whether it belongs to another item, and is only as public as that one."""
        return self in (ItemKind.ENTRY, ItemKind.VERSION, ItemKind.COMMENT)


class WorkType(StrEnum):
    """What a bounty asks for or a listing offers."""

    LORA = "LoraCreation"
    MODEL = "ModelCreation"
    EMBED = "EmbedCreation"
    IMAGE = "ImageCreation"
    VIDEO = "VideoCreation"
    DATASET = "DataSetCreation"
    CAPTION = "DataSetCaption"
    OTHER = "Other"

    @property
    def label(self) -> str:
        """The word on the page."""
        return _WORK_LABELS[self]

    @property
    def is_made_by_ai(self) -> bool:
        """Whether its pictures come out of a model; those of a dataset may be photographs."""
        return self not in (WorkType.DATASET, WorkType.CAPTION)


_WORK_LABELS = {
    WorkType.LORA: "LoRA",
    WorkType.MODEL: "Model",
    WorkType.EMBED: "Embedding",
    WorkType.IMAGE: "Image",
    WorkType.VIDEO: "Video",
    WorkType.DATASET: "Dataset",
    WorkType.CAPTION: "Captions",
    WorkType.OTHER: "Other",
}


class EntryMode(StrEnum):
    """Who sees the entries to a bounty before an award."""

    OPEN = "open"
    SUPPORTERS = "supporters"


class AwardMode(StrEnum):
    """Who awards: the requester for everyone, or each supporter their own share."""

    REQUESTER = "requester"
    EACH = "each"


class ItemState(StrEnum):
    """The one state of an item; which moves are legal is in `casework.MOVES`."""

    DRAFT = "draft"
    HELD = "held"
    OPEN = "open"
    CLOSED = "closed"
    SETTLED = "settled"
    PUBLISHED = "published"
    AWARDED = "awarded"
    DECLINED = "declined"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    REMOVED = "removed"

    @property
    def is_public(self) -> bool:
        """Whether a stranger may see an item in this state."""
        return self in _PUBLIC_STATES

    @property
    def is_gone(self) -> bool:
        """Whether everyone but staff gets 410 Gone."""
        return self in (ItemState.HIDDEN, ItemState.REMOVED)


_PUBLIC_STATES = frozenset(
    {
        ItemState.OPEN,
        ItemState.CLOSED,
        ItemState.SETTLED,
        ItemState.PUBLISHED,
        ItemState.AWARDED,
        ItemState.DECLINED,
    }
)


class FileState(StrEnum):
    """A stored file can be opened only when `clean`."""

    WAITING = "waiting"
    CLEAN = "clean"
    REFUSED = "refused"


class Outcome(StrEnum):
    """What the machine says about a submission."""

    ALLOW = "allow"
    REVIEW = "review"
    REFUSE = "refuse"


class Rating(StrEnum):
    """What a text asks for."""

    SFW = "sfw"
    SUGGESTIVE = "suggestive"
    EXPLICIT = "explicit"


class SubjectKind(StrEnum):
    """Who is depicted, as far as screening can tell."""

    PUBLIC_FIGURE = "public_figure"
    PRIVATE_INDIVIDUAL = "private_individual"
    SELF = "self"
    HISTORICAL = "historical"
    FICTIONAL = "fictional"
    NONE = "none"

    @property
    def needs_consent(self) -> bool:
        """A likeness of this kind may only appear under a consent grant."""
        return self in (
            SubjectKind.PUBLIC_FIGURE,
            SubjectKind.PRIVATE_INDIVIDUAL,
            SubjectKind.SELF,
        )


class CaseState(StrEnum):
    """The life of a takedown case."""

    RECEIVED = "received"
    HIDDEN = "hidden"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class ConsentStatus(StrEnum):
    """The life of a consent grant, in the words of ISO/IEC TS 27560."""

    REQUESTED = "ConsentRequested"
    GIVEN = "ConsentGiven"
    REFUSED = "ConsentRefused"
    WITHDRAWN = "ConsentWithdrawn"
    EXPIRED = "ConsentExpired"
    INVALIDATED = "ConsentInvalidated"


class SweepState(StrEnum):
    """The life of a sweep."""

    DRAFT = "draft"
    SHADOW = "shadow"
    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class SweepOutcome(StrEnum):
    """Where a sweep leaves each item."""

    KEPT = "kept"
    REMOVED = "removed"
    NEEDS_REVIEW = "needs_review"


class RefusalKind(StrEnum):
    """The family of a refusal; pages and API answer with its HTTP status."""

    INVALID = "invalid"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    GONE = "gone"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    SIGN_IN = "sign_in"
    UNAVAILABLE = "unavailable"

    @property
    def status(self) -> int:
        """The HTTP status code."""
        return _STATUS[self]


_STATUS = {
    RefusalKind.INVALID: 422,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.GONE: 410,
    RefusalKind.CONFLICT: 409,
    RefusalKind.TOO_LARGE: 413,
    RefusalKind.TOO_MANY: 429,
    RefusalKind.SIGN_IN: 401,
    RefusalKind.UNAVAILABLE: 503,
}


@dataclass(frozen=True, slots=True)
class Digest:
    """A keyed digest of one thing: hex, what kind of thing, and the chain of keys it is under."""

    digest: str
    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected "no": a stable code, a sentence for the person, and whether to try again."""

    code: str
    sentence: str
    kind: RefusalKind = RefusalKind.INVALID
    fields: Mapping[str, str] = field(default_factory=dict)
    retry: bool = False


class Refused(Exception):  # noqa: N818 - a refusal is not an error
    """Carries a refusal out of a flow; raised inside a transaction, it rolls everything back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
