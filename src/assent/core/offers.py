"""What a bounty, an entry or a listing must have before it can be posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assent.core.terms import AwardMode, EntryMode, Refusal, WorkType

TITLE_MAX, DESCRIPTION_MAX, TAG_MAX, TAGS_MAX = 140, 5000, 40, 12
CREDITS_MIN, CREDITS_MAX = 10, 1_000_000
DAYS_MAX = 90
FILES_MAX, IMAGES_MAX = 4, 8
ENTRIES_MAX, ENTRIES_BY_DEFAULT = 10, 3  # by one creator to one bounty
# What a creator allows others to do with their work; by short name, as it is stored and shown.
LICENCES: Mapping[str, str] = {
    "CC0-1.0": "CC0 1.0: no conditions",
    "CC-BY-4.0": "CC BY 4.0: name the creator",
    "CC-BY-NC-4.0": "CC BY-NC 4.0: name the creator, not for profit",
    "Apache-2.0": "Apache 2.0",
    "OpenRAIL-M": "OpenRAIL-M: with limits on use",
    "reserved": "All rights reserved: for your own use",
}
COMMENT_MAX = 2000
ABOUT_MAX = 500


@dataclass(frozen=True, slots=True)
class BountyDraft:
    """A bounty as its requester wrote it; `grant` is the reference of a consent record."""

    title: str
    description: str
    work_type: str
    tags: tuple[str, ...]
    credits: int
    deadline: date
    grant: str = ""
    entry_mode: str = EntryMode.OPEN
    award_mode: str = AwardMode.REQUESTER
    entries_max: int = ENTRIES_BY_DEFAULT


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a comma-separated line, each once, in order."""
    return tuple(dict.fromkeys(t for t in (part.strip() for part in text.split(",")) if t))


def draft_refusal(draft: BountyDraft) -> Refusal | None:
    """Return what is wrong with the words of a draft, a sentence a field, or None."""
    found = words_faults(draft.title, draft.description, draft.tags)
    if draft.work_type not in list(WorkType):
        found["type"] = "Choose what kind of work you are asking for."
    if not CREDITS_MIN <= draft.credits <= CREDITS_MAX:
        found["credits"] = f"Offer between {CREDITS_MIN} and {CREDITS_MAX:,} credits."
    if draft.entry_mode not in list(EntryMode):
        found["entry_mode"] = "Choose who sees the entries."
    if draft.award_mode not in list(AwardMode):
        found["award_mode"] = "Choose who awards."
    if not 1 <= draft.entries_max <= ENTRIES_MAX:
        found["entries_max"] = f"Choose between 1 and {ENTRIES_MAX}."
    return _refusal(found)


def posting_refusal(draft: BountyDraft, today: date) -> Refusal | None:
    """Return what keeps a draft from being posted today, or None."""
    wrong = draft_refusal(draft)
    found = dict(wrong.fields) if wrong else {}
    if not draft.title.strip():
        found["title"] = "Give it a title, so that creators know what you are looking for."
    latest = today + timedelta(days=DAYS_MAX)
    if not today < draft.deadline <= latest:
        found["deadline"] = f"Choose a day between {today + timedelta(days=1)} and {latest}."
    return _refusal(found)


def words_faults(title: str, description: str, tags: tuple[str, ...]) -> dict[str, str]:
    """Return what is wrong with an item's words, by field."""
    found: dict[str, str] = {}
    if len(title) > TITLE_MAX:
        found["title"] = f"Use at most {TITLE_MAX} characters; this has {len(title)}."
    if len(description) > DESCRIPTION_MAX:
        found["description"] = (
            f"Use at most {DESCRIPTION_MAX:,} characters; this has {len(description):,}."
        )
    if len(tags) > TAGS_MAX or any(len(t) > TAG_MAX for t in tags):
        found["tags"] = f"Use at most {TAGS_MAX} tags of at most {TAG_MAX} characters."
    if any("\x00" in text for text in (title, description, *tags)):
        found["description"] = "The text holds a character that cannot be stored (NUL)."
    return found


def comment_refusal(text: str) -> Refusal | None:
    """Return what is wrong with a comment, or None."""
    if not text.strip():
        return _refusal({"text": "Write something first."})
    if len(text) > COMMENT_MAX:
        return _refusal(
            {"text": f"Use at most {COMMENT_MAX:,} characters; this has {len(text):,}."}
        )
    if "\x00" in text:
        return _refusal({"text": "The text holds a character that cannot be stored (NUL)."})
    return None


def about_refusal(text: str) -> Refusal | None:
    """Return what is wrong with the length of a member's text about themselves, or None."""
    if len(text) > ABOUT_MAX:
        return _refusal({"about": f"Use at most {ABOUT_MAX} characters; this has {len(text)}."})
    if "\x00" in text:
        return _refusal({"about": "The text holds a character that cannot be stored (NUL)."})
    return None


def version_faults(name: str, note: str, taken: frozenset[str]) -> dict[str, str]:
    """Return what is wrong with a new version's words, by field."""
    found = words_faults("", note, ())
    if "description" in found:
        found["note"] = found.pop("description")
    if not 0 < len(name.strip()) <= 40 or "\x00" in name:
        found["version"] = "Name the version in at most 40 characters."
    elif name.strip().casefold() in taken:
        found["version"] = "There is a version of this name already."
    return found


def files_refusal(works: int, images: int, *, needs_work: bool = True) -> Refusal | None:
    """Return what is wrong with the number of files, or None."""
    found: dict[str, str] = {}
    if needs_work and not works:
        found["files"] = "Add the file that you made."
    if works > FILES_MAX:
        found["files"] = f"Add at most {FILES_MAX} files."
    if images > IMAGES_MAX:
        found["images"] = f"Add at most {IMAGES_MAX} images."
    return _refusal(found)


def _refusal(fields: Mapping[str, str]) -> Refusal | None:
    if not fields:
        return None
    return Refusal("check_the_form", "Some of this needs another look.", fields=dict(fields))
