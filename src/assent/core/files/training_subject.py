"""Whom or what a model was trained on, as far as the notes that trainers leave in it tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from assent.core.files.config_clues import Clue, config_clues, graph_clues

MAX_SUBJECTS = 2_000
MAX_CHARACTERS = 5_000  # of one text
MAX_TOTAL_CHARACTERS = 200_000
_MAX_NOTE = 8_000_000
_MAX_BRACKETS = 100_000
# Weight in [0, 1]: how strongly a text in this place names the subject rather than the scenery.
_TEXTS = {
    "ss_output_name": 0.9,
    "modelspec.trigger_phrase": 0.9,
    "modelspec.title": 0.8,
    "trigger_word": 0.9,
    "trigger_words": 0.9,
    "instance_prompt": 0.9,
    "name": 0.7,
    "modelspec.tags": 0.6,
    "modelspec.description": 0.6,
    "modelspec.usage_hint": 0.5,
    "modelspec.merged_from": 0.5,
    "ss_training_comment": 0.5,
    "ss_sd_model_name": 0.2,
    "ss_vae_name": 0.1,
}
_FOLDER_WEIGHT = {"ss_dataset_dirs": 0.9, "ss_reg_dataset_dirs": 0.2}
_DATASET_TEXTS = {
    "image_dir": 0.9,
    "class_tokens": 0.9,
    "caption_prefix": 0.8,
    "caption_suffix": 0.6,
    "metadata_file": 0.5,
}
# Notes of these beginnings that are not listed here are numbers, hashes and names of programs.
_TECHNICAL = ("ss_", "sshs_", "modelspec.")
_FORMATS = frozenset(("format", "software", "version", "dtype", "date", "license", "library_name"))
_GRAPHS = frozenset(("prompt", "workflow"))
_WORDLESS = re.compile(r"[\W\d_]*|(?:0x)?[0-9a-f]{8,}", re.IGNORECASE)
_TABLES = (*_FOLDER_WEIGHT, "ss_tag_frequency", "ss_datasets")
_REPEATS = re.compile(r"^\d+_")


@dataclass(frozen=True, slots=True)
class Subject:
    """One clue: the text, the key of the notes it is from, its weight in [0, 1]; where it is a
    folder of pictures, how many the trainer counted in it."""

    text: str
    origin: str
    weight: float
    images: int | None = None

    def as_record(self) -> dict[str, object]:
        """The clue as JSON."""
        return {
            "text": self.text,
            "from": self.origin,
            "weight": self.weight,
            "images": self.images,
        }


def training_subject(
    notes: Mapping[str, str], more: Iterable[Clue] = ()
) -> tuple[tuple[Subject, ...], bool]:
    """Return the clues, strongest first and each once, and whether some had to be left out. `more`
    are clues that stand elsewhere in the file.

    Tags weigh by how many images carry them next to the commonest tag of their folder, at most
    0.8: a trigger word stands at every image, but so does "solo".
    """
    found, cut = strongest([*_clues(notes), *more])
    counted = _counted(notes)
    return tuple(
        replace(one, images=counted.get(one.text)) if one.origin in _COUNTED else one
        for one in found
    ), cut


_COUNTED = ("ss_dataset_dirs", "ss_tag_frequency")


def _counted(notes: Mapping[str, str]) -> dict[str, int]:
    """How many pictures each folder had, as kohya's trainer counted them."""
    found = {}
    for folder, facts in _dict(parsed(notes.get("ss_dataset_dirs"))).items():
        number = facts.get("img_count") if isinstance(facts, dict) else None
        if isinstance(number, float) and _is_count(number):
            found[_folder_name(folder)] = int(number)
    return found


def strongest(clues: Iterable[tuple[str, str, float]]) -> tuple[tuple[Subject, ...], bool]:
    """Return clues (text, origin, weight), strongest first and each once up to the caps, and
    whether some had to be left out."""
    best: dict[tuple[str, str], float] = {}
    cut = False
    for raw, origin, weight in clues:
        text = _storable(raw)
        cut = cut or len(text) > MAX_CHARACTERS
        key = (text[:MAX_CHARACTERS].rstrip(), origin)
        if text and weight > best.get(key, 0.0):
            best[key] = weight
    subjects = [Subject(text, origin, weight) for (text, origin), weight in best.items()]
    subjects.sort(key=lambda one: (-one.weight, one.text, one.origin))
    kept = _affordable(subjects)
    return kept, cut or len(kept) < len(subjects)


def _storable(text: str) -> str:
    """One line without what no database or terminal takes: NUL and halves of surrogate pairs."""
    sound = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return " ".join(sound.split())


def _affordable(subjects: list[Subject]) -> tuple[Subject, ...]:
    """The first of them up to the caps, so that notes cannot flood screening."""
    totals = accumulate(len(one.text) for one in subjects)
    pairs = zip(subjects[:MAX_SUBJECTS], totals, strict=False)
    return tuple(one for one, total in pairs if total <= MAX_TOTAL_CHARACTERS)


def _clues(notes: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    for key, weight in _TEXTS.items():
        yield notes.get(key, ""), key, weight
    tables = {key: parsed(notes.get(key)) for key in _TABLES}
    for key, table in tables.items():
        if table is None:  # not what trainers write there; still a text that may name someone
            yield notes.get(key, ""), key, 0.5
    for key, weight in _FOLDER_WEIGHT.items():
        for folder in _dict(tables[key]):
            yield _folder_name(folder), key, weight
    for folder, tags in _dict(tables["ss_tag_frequency"]).items():
        yield from _tags(folder, tags, "ss_tag_frequency")
    for dataset in _list(tables["ss_datasets"]):
        yield from _dataset(dataset)
    yield from _others(notes)


def _others(notes: Mapping[str, str]) -> Iterator[Clue]:
    """Notes of other programs: settings and graphs in JSON, and anything else that has words."""
    known = {*_TEXTS, *_TABLES, *_FORMATS}
    for key, text in notes.items():
        if key in known or key.startswith(_TECHNICAL):
            continue
        origin, found = key[:80], parsed(text)
        if not isinstance(found, dict | list):
            if not _WORDLESS.fullmatch(text[:MAX_CHARACTERS]):
                yield text, origin, 0.3
        elif key in _GRAPHS:
            yield from graph_clues(found, origin)
        else:
            yield from config_clues(found, origin)


def _tags(folder: str, tags: object, origin: str) -> Iterator[tuple[str, str, float]]:
    yield _folder_name(folder), origin, 0.9
    if not isinstance(tags, dict):
        return
    counts = {tag: number for tag, number in tags.items() if _is_count(number)}
    most = max(counts.values(), default=1) or 1
    for tag, number in counts.items():
        yield tag, origin, round(max(0.01, 0.8 * number / most), 2)


def _dataset(dataset: object) -> Iterator[tuple[str, str, float]]:
    """One entry of `ss_datasets`: subsets with their folders, and tag counts of its own."""
    if not isinstance(dataset, dict):
        return
    for subset in _list(dataset.get("subsets")):
        if not isinstance(subset, dict):
            continue
        shrink = 0.2 if subset.get("is_reg") is True else 1.0
        for key, weight in _DATASET_TEXTS.items():
            if isinstance(text := subset.get(key), str):
                text = _folder_name(text) if key == "image_dir" else text
                yield text, f"ss_datasets.{key}", round(weight * shrink, 2)
    for folder, tags in _dict(dataset.get("tag_frequency")).items():
        yield from _tags(folder, tags, "ss_datasets.tag_frequency")


def _folder_name(path: str) -> str:
    """The last part of a path without the repeat count: "20_jane woman" says "jane woman"."""
    last = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _REPEATS.sub("", last)


def parsed(text: str | None) -> object:
    """Return the JSON inside a note, or None; what would take too much memory is not parsed."""
    if not text or len(text) > _MAX_NOTE or text.count("[") + text.count("{") > _MAX_BRACKETS:
        return None
    try:
        parsed: object = json.loads(text, parse_int=float, parse_float=float)
    except (ValueError, RecursionError):
        return None
    return parsed


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_count(value: object) -> bool:
    return isinstance(value, float) and 0 <= value < 1e18
