"""The canonical columns of an export, and the names under which others know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What kind of value a column holds."""

    TEXT = "text"
    WORD = "word"
    TIME = "time"
    NUMBER = "number"
    FLAG = "flag"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Column:
    """A canonical column: `says` is its line in the documentation."""

    name: str
    holds: Holds
    says: str
    aliases: tuple[str, ...] = ()


_TEXT, _WORD, _TIME = Holds.TEXT, Holds.WORD, Holds.TIME
_NUMBER, _FLAG, _RATING = Holds.NUMBER, Holds.FLAG, Holds.RATING

COLUMNS: tuple[Column, ...] = (
    Column("id", _TEXT, "what tells one record from another; must be there",
           ("bounty_number", "number", "bounty_id", "item_id", "model_id")),
    Column("kind", _WORD, "bounty, entry, listing, model, image, …"),
    Column("type", _WORD, "the type of work: LoRA, image, video, …",
           ("bounty_type", "work_type", "model_type")),
    Column("title", _TEXT, "read by coders and screening only", ("name", "bounty_title")),
    Column("description", _TEXT, "read by coders and screening only", ("text", "body")),
    Column("tags", _TEXT, "read by coders and screening only"),
    Column("created_at", _TIME, "when it was posted",
           ("started", "created", "createdat", "published_at", "publishedat", "date")),
    Column("deadline", _TIME, "until when it takes entries", ("expires_at", "expiresat")),
    Column("removed_at", _TIME, "when it was taken away; empty while it is still there",
           ("deleted_at", "gone_at")),
    Column("seen_at", _TIME, "when it was last seen still there: the crawl's own time",
           ("last_seen", "crawled_at", "collected_at")),
    Column("requester", _TEXT, "who asked for it", ("supporter", "user", "username", "author")),
    Column("creator", _TEXT, "who made it", ("artist", "uploader")),
    Column("reward", _NUMBER, "credits offered", ("buzz", "credits", "amount", "unitamount")),
    Column("awarded", _FLAG, "whether an entry won", ("award", "complete", "completed")),
    Column("state", _WORD, "state or status on the platform", ("status",)),
    Column("entries", _NUMBER, "how many entries it got", ("count_entries", "entry_count")),
    Column("downloads", _NUMBER, "how often it was downloaded",
           ("download_count", "downloadcount")),
    Column("base_model", _WORD, "the model that it extends", ("basemodel",)),
    Column("rating", _RATING, "the platform's: sfw, r, x, xxx, hidden or nsfw; several joined by |",
           ("category", "nsfw_rating", "nsfwlevel", "nsfw_level", "nsfw")),
    Column("moderated", _FLAG, "whether a moderation model flagged any image", ("flagged",)),
    Column("theme", _WORD, "its final theme", ("final_label", "label")),
    Column("predicted_theme", _WORD, "the theme that a classifier gave it",
           ("best_fit_theme", "model_theme")),
    Column("hand_theme", _WORD, "the theme that a person gave it", ("main_theme", "human_theme")),
    Column("deepfake", _FLAG, "a person's verdict on a candidate; empty where nobody looked",
           ("confirmed", "is_deepfake", "real_person")),
    Column("predicted_deepfake", _FLAG, "a classifier's verdict: a real person's likeness or not",
           ("screened",)),
    Column("gender", _WORD, "of the person depicted"),
    Column("profession", _WORD, "of the person depicted",
           ("final_professon_label", "final_profession_label", "occupation")),
    Column("marked", _FLAG, "whether the platform itself tagged it as a real person",
           ("marked_in_platform", "poi", "platform_tag")),
    Column("subject", _TEXT, "who is depicted: replaced by a keyed pseudonym on reading",
           ("depicted", "person", "subject_name")),
    Column("reported_at", _TIME, "when a takedown notice came in", ("received_at", "notice_at")),
    Column("hidden_at", _TIME, "when it was hidden because of it"),
    Column("decided_at", _TIME, "when it was decided on"),
    Column("consent", _FLAG, "whether a consent record covers it"),
)  # fmt: skip

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
# What only says something about records that another file lists.
CODING = frozenset({"hand_theme", "predicted_theme", "theme", "deepfake", "gender", "profession"})

TRUE = ("yes", "true", "1", "y", "t")
FALSE = ("no", "false", "0", "n", "f")
LEVELS = ("sfw", "r", "x", "xxx", "hidden", "nsfw")
RATINGS: Mapping[str, str] = {
    "sfw": "sfw", "safe": "sfw", "none": "sfw", "soft": "sfw", "pg": "sfw", "pg13": "sfw",
    "pg-13": "sfw", "false": "sfw", "0": "sfw",
    "r": "r", "suggestive": "r", "mature": "r", "x": "x", "xxx": "xxx",
    "hidden": "hidden", "blocked": "hidden",
    "images hidden due to mature content settings": "hidden",
    "nsfw": "nsfw", "explicit": "nsfw", "true": "nsfw",
}  # fmt: skip
THEMES = (
    "human_attributes", "human_deepfake", "nsfw", "fictional_characters", "scene_objects_clothing",
    "style_and_culture", "open_request", "miscellaneous",
)  # fmt: skip
# The groups that the study's figures show, and the study's spelling of them.
PROFESSIONS: Mapping[str, tuple[str, str]] = {
    "actress": ("actor_actress", "Actor/actress"),
    "actor": ("actor_actress", "Actor/actress"),
    "associated_with_adult_industry": ("adult_worker", "Adult worker"),
    "not_found": ("self_spouse", "Self/spouse"),
    "sportsman": ("athlete", "Athlete"),
}


def slug(text: str) -> str:
    """Return a text as the last part of a measure's name: lower case, words joined by _."""
    return re.sub(r"[^0-9a-z]+", "_", text.strip().lower()).strip("_")


def recognise(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return canonical name -> the source's name. `given` is a mapping file's wish, and wins.

    A column under its canonical name beats one under an alias, and an earlier alias a later one.
    """
    names = list(names)
    found = {canonical: name for canonical, name in given.items() if name in names}
    left = {slug(name): name for name in reversed(names) if name not in found.values()}
    for column in COLUMNS:
        for alias in (column.name, *column.aliases):
            if column.name not in found and alias in left:
                found[column.name] = left.pop(alias)
    return found
