"""Expands the skeletons into labelled records, the same every time.

`python -m tools.listings.expand FOLDER` writes train.jsonl, tune.jsonl and test.jsonl. A skeleton
and all that is made of it falls into one part, by a hash of its text, so nothing tuned on one
part has seen another.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.listings.spellings import SPELLINGS

HERE = Path(__file__).parent
PARTS = ("train", "tune", "test")
_SHARES = (60, 75)  # of a hundred: train up to 60, tune up to 75, test the rest
MOST = 8  # records of one skeleton
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_]+)(?::([a-z_]+))?\}")
_TYPES = ("LoraCreation",) * 8 + ("ImageCreation",) * 3 + ("ModelCreation", "EmbedCreation")
_NAMES = {"pub": ("pubf", "pubm"), "priv": ("given_f",), "privm": ("given_m",)}
_SUBJECTS = frozenset(
    "pub pubf pubm pubru pubja pubko pubzh pubhi pubar priv privm privru privja privko "
    "privzh privhi privar handle handle_word fic fic_myth acted oc ocja ocko oczh hist first_of_pub"
    "".split()
)


@dataclass(frozen=True)
class Skeleton:
    """A listing with slots, and its labels."""

    id: str
    part: str
    head: dict[str, str]
    lang: str
    kind: str
    type: str | None
    texts: tuple[str, str, str]  # title, description, tags


def skeletons() -> Iterator[Skeleton]:
    """Yield every skeleton, file by file."""
    for file in sorted((HERE / "skeletons").glob("*.txt")):
        yield from read(file)


def read(file: Path) -> Iterator[Skeleton]:
    """Yield the skeletons of one file."""
    head: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("= "):
            head = _head(line[2:].split())
        elif line and not line.startswith("#"):
            yield _skeleton(f"{file.stem}-{number:03}", head, line)


def _head(words: list[str]) -> dict[str, str]:
    action, subject_kind, evasion, *more = words
    extra = dict(word.split("=") if "=" in word else (word, "yes") for word in more)
    return {"action": action, "subject_kind": subject_kind, "evasion": evasion, **extra}


def _skeleton(key: str, head: dict[str, str], line: str) -> Skeleton:
    start, title, description, tags = (part.strip() for part in line.split("~"))
    lang, _, kind = start.partition("/")
    kind, _, work = (kind or "bounty").partition("=")
    share = int(hashlib.sha256(line.encode()).hexdigest(), 16) % 100
    part = PARTS[sum(share >= limit for limit in _SHARES)]
    return Skeleton(key, part, head, lang, kind, work or None, (title, description, tags))


@cache
def slots() -> dict[str, list[str]]:
    """Return what may stand in each slot."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (HERE / "slots.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name = line[2:]
        elif line and not line.startswith("#"):
            found.setdefault(name, []).extend(line.split(";"))
    return found


class _Filling:
    """Fills the slots of one record; a repeated name slot with a spelling means the same person."""

    def __init__(self, dice: random.Random, split: bool) -> None:
        self.dice = dice
        self.split = split  # the halves of one name stand in several slots
        self.subjects: list[str] = []
        self.person = self._name("pub")

    def _name(self, slot: str) -> str:
        table = slots()
        if slot in ("priv", "privm"):
            given = self.dice.choice(table[_NAMES[slot][0]])
            return f"{given} {self.dice.choice(table['surname'])}"
        if slot == "pub":
            slot = self.dice.choice(_NAMES["pub"])
        return self.dice.choice(table[slot])

    def fill(self, text: str) -> str:
        text = _CHOICE.sub(lambda found: self.dice.choice(found.group(1).split("|")), text)
        return _SLOT.sub(self._slot, text)

    def _slot(self, found: re.Match[str]) -> str:
        slot, spelling = found.groups()
        if slot == "first_of_pub" or spelling in ("first", "last"):
            while " " not in self.person:
                self.person = self._name("pub")
            surface = SPELLINGS[spelling or "first"](self.person, self.dice)
        elif spelling:
            surface = SPELLINGS[spelling](self._two_words(slot), self.dice)
        else:
            surface = self._name(slot)
        if slot in _SUBJECTS and (self.split or not self.subjects):
            self.subjects.append(surface)
        return surface

    def _two_words(self, slot: str) -> str:
        while " " not in (name := self._name(slot)):
            pass
        return name


def records(skeleton: Skeleton) -> Iterator[dict[str, Any]]:
    """Yield up to MOST different records of a skeleton."""
    seen: set[tuple[str, str, str]] = set()
    for attempt in range(3 * MOST):
        dice = random.Random(f"{skeleton.id}/{attempt}")
        filling = _Filling(dice, skeleton.head["evasion"] == "split_across_fields")
        title, description, tags = (filling.fill(text) for text in skeleton.texts)
        if (title, description, tags) in seen:
            continue
        seen.add((title, description, tags))
        yield _record(skeleton, len(seen), (title, description, tags), filling)
        if len(seen) == MOST:
            return


def _record(
    skeleton: Skeleton, number: int, texts: tuple[str, str, str], filling: _Filling
) -> dict[str, Any]:
    title, description, tags = texts
    work = skeleton.type or filling.dice.choice(_TYPES)
    return {
        "id": f"{skeleton.id}-{number}",
        "kind": skeleton.kind,
        "type": work if skeleton.kind in ("bounty", "model") else None,
        "title": title,
        "description": description,
        "tags": [tag for tag in tags.split(",") if tag],
        "lang": skeleton.lang,
        "labels": _labels(skeleton.head, filling.subjects),
        "evasion": skeleton.head["evasion"],
        "note": skeleton.id,
    }


def _labels(head: dict[str, str], subjects: list[str]) -> dict[str, Any]:
    kind = head["subject_kind"]
    real = kind in ("public_figure", "private_individual", "self", "historical")
    real = real or (head["action"] == "block" and "minor" in head)
    adult = head.get("rating", "sfw") != "sfw"
    theme = (
        "human_deepfake" if real else "nsfw" if adult else head.get("theme", "fictional_characters")
    )
    return {
        "theme": theme,
        "real_person": real,
        "subject": " + ".join(subjects) if subjects and kind not in ("none", "self") else None,
        "subject_kind": kind,
        "rating": head.get("rating", "sfw"),
        "minor_risk": "minor" in head,
        "consent_claimed": "consent" in head,
        "action": head["action"],
    }


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return the records of each part."""
    found: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS}
    for skeleton in skeletons():
        found[skeleton.part].extend(records(skeleton))
    return found


def near_duplicates(known: list[dict[str, Any]], others: list[dict[str, Any]]) -> float:
    """Return the share of `others` that has a near copy in `known`.

    Near means a Jaccard similarity of at least 0.7 of the sets of three words in a row; only
    records that share such a row are compared.
    """
    index: dict[tuple[str, ...], set[int]] = {}
    shingles = [_shingles(record) for record in known]
    for at, rows in enumerate(shingles):
        for row in rows:
            index.setdefault(row, set()).add(at)
    near = 0
    for record in others:
        rows = _shingles(record)
        close = set(itertools.chain.from_iterable(index.get(row, ()) for row in rows))
        near += any(len(rows & shingles[at]) >= 0.7 * len(rows | shingles[at]) for at in close)
    return near / len(others) if others else 0.0


def _shingles(record: dict[str, Any]) -> set[tuple[str, ...]]:
    words = f"{record['title']} {record['description']}".casefold().split()
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def main(folder: str) -> None:
    """Write the parts and say what is in them."""
    parts = everything()
    every = list(skeletons())
    for file in sorted((HERE / "fresh").glob("*.txt")):
        fresh = [record for skeleton in read(file) for record in records(skeleton)]
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in fresh)
        Path(folder, f"fresh-{file.stem}.jsonl").write_text(lines, encoding="utf-8")
    print(f"{len(every)} skeletons in {len({s.lang for s in every})} languages")
    for part, found in parts.items():
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in found)
        Path(folder, f"{part}.jsonl").write_text(lines, encoding="utf-8")
        count = sum(s.part == part for s in every)
        print(f"{part}: {count} skeletons, {len(found)} records")
    for part in PARTS[1:]:
        share = near_duplicates(parts["train"], parts[part])
        print(f"near-duplicates of train in {part}: {100 * share:.2f} %")


if __name__ == "__main__":
    main(sys.argv[1])
