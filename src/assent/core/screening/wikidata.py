"""Reading one entity of a Wikidata JSON dump: is it a person or a character, and by what names?

The format: https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON. A dump is one JSON list with
one entity a line; property and item numbers are those of wikidata.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assent.core.screening.common import common_words
from assent.core.screening.gazetteer import Entry, EntryKind
from assent.core.screening.name_keys import name_words

_MOST_NAMES = 60
_LONGEST = 80
_MIN_ALONE = 5  # letters of a name of one word
_IS_A, _BORN, _DIED, _WORKS_AS, _GENDER = "P31", "P569", "P570", "P106", "P21"
_HUMAN, _FEMALE = "Q5", "Q6581072"
_ACTED = frozenset({"Q15773347", "Q15773317", "Q15632617"})  # in film, in television, human
_DRAWN = frozenset(
    {"Q95074", "Q3658341", "Q1569167", "Q80447738", "Q87576284", "Q1114461", "Q15711870",
     "Q4271324", "Q22988604", "Q178885", "Q207174", "Q28020127", "Q15298195", "Q2593744"}
)  # fmt: skip
_ROLES = {
    "actor": "Q33999 Q10800557 Q10798782 Q2259451 Q2405480 Q245068",
    "singer": "Q177220 Q639669 Q2252262 Q753110 Q488205 Q130857 Q36834",
    "athlete": "Q2066131 Q937857 Q3665646 Q10833314 Q10871364 Q11774891 Q11513337 Q13141064 "
    "Q11338576 Q10843402 Q19204627 Q11124885 Q2309784 Q13382519",
    "politician": "Q82955 Q193391 Q212238",
    "royal": "Q116 Q2304859",
    "model": "Q4610556 Q3357567 Q488111",
    "presenter": "Q947873 Q1930187 Q2722764 Q13590141 Q3499072",
    "streamer": "Q17125263 Q50279140 Q2045208 Q4110598 Q8246794",
    "director": "Q2526255 Q3455803",
    "artist": "Q1028181 Q483501 Q1281618 Q33231 Q715301 Q3501317",
    "writer": "Q36180 Q49757 Q6625963 Q482980",
    "scientist": "Q901 Q169470 Q593644 Q864503 Q170790 Q201788 Q4964182",
    "business": "Q43845 Q131524",
}
_ROLE_OF = {item: role for role, items in _ROLES.items() for item in items.split()}
_WANTED = tuple(f'"{item}"'.encode() for item in (_HUMAN, *_ACTED, *_DRAWN))
# A bucket is all that is kept of how well known somebody is; there is no order inside it.
_HOUSEHOLD, _WIDELY = 60, 15


def may_be_wanted(line: bytes) -> bool:
    """Whether a line of a dump can hold a person or a character; most lines do not."""
    return any(item in line for item in _WANTED)


def entity_on(line: bytes) -> Mapping[str, Any] | None:
    """Return the entity on a line, None for the brackets around the list, or raise ValueError."""
    text = line.strip().rstrip(b",").strip()
    if text in (b"", b"[", b"]"):
        return None
    entity = json.loads(text)
    if not isinstance(entity, dict):
        raise TypeError("not an entity")
    return entity


def entry_of(entity: Mapping[str, Any], *, sites: int = 0) -> Entry | None:
    """Return the entry for an entity, or None where it is neither person nor character.

    `sites` leaves out whoever has a page on fewer sites. An entity that is not shaped as the
    format says raises ValueError, KeyError, TypeError or AttributeError.
    """
    claims = entity.get("claims") or {}
    kinds = set(_items(claims, _IS_A))
    kind = _kind(kinds)
    known = len(entity.get("sitelinks") or {})
    if kind is None or known < sites:
        return None
    names = list(_names(entity))
    if not names:
        return None
    role = _role(claims) if kind is EntryKind.PERSON else "character"
    return Entry(
        names[0],
        kind,
        role,
        _year(claims, _BORN),
        _year(claims, _DIED),
        _flags(names),
        tuple(names[1:]),
        1 if known >= _HOUSEHOLD else 2 if known >= _WIDELY else 3,
    )


def _kind(kinds: set[str]) -> EntryKind | None:
    if _HUMAN in kinds:
        return EntryKind.PERSON
    if kinds & _ACTED:
        return EntryKind.ACTED
    return EntryKind.DRAWN if kinds & _DRAWN else None


def _values(claims: Mapping[str, Any], number: str) -> Iterator[Any]:
    for statement in claims.get(number) or ():
        value = statement["mainsnak"].get("datavalue")
        if value is not None and statement.get("rank") != "deprecated":
            yield value["value"]


def _items(claims: Mapping[str, Any], number: str) -> Iterator[str]:
    for value in _values(claims, number):
        yield value.get("id") or f"Q{value['numeric-id']}"


def _year(claims: Mapping[str, Any], number: str) -> int | None:
    """Return the year of a time such as "+1952-03-11T00:00:00Z" or "-0069-00-00T00:00:00Z"."""
    for value in _values(claims, number):
        time = value["time"]
        return int(time[0] + time[1:].partition("-")[0])
    return None


def _role(claims: Mapping[str, Any]) -> str:
    role = next((_ROLE_OF[i] for i in _items(claims, _WORKS_AS) if i in _ROLE_OF), "public")
    if role == "actor" and _FEMALE in _items(claims, _GENDER):
        return "actress"
    return role


def _names(entity: Mapping[str, Any]) -> Iterator[str]:
    """Yield the label, then every other label and alias that is spelt differently."""
    labels = {lang: label["value"] for lang, label in (entity.get("labels") or {}).items()}
    first = [labels[lang] for lang in ("en", "mul") if lang in labels]
    others = [alias["value"] for list_ in (entity.get("aliases") or {}).values() for alias in list_]
    seen: set[tuple[str, ...]] = set()
    for number, name in enumerate([*first, *labels.values(), *others]):
        words = name_words(name[:_LONGEST])
        usable = bool(words) and (number == 0 or _tells(words))
        if usable and words not in seen and len(seen) < _MOST_NAMES:
            seen.add(words)
            yield " ".join(name[:_LONGEST].replace("|", " ").replace(";", " ").split())


def _tells(words: tuple[str, ...]) -> bool:
    """Whether another name says who is meant: "JFK" and "The King" do not."""
    letters = "".join(words)
    if not letters.isascii():
        return len(letters) > 1
    return len(letters) >= _MIN_ALONE and not all(word in common_words() for word in words)


def _flags(names: list[str]) -> str:
    words = name_words(names[0])
    if all(word in common_words() for word in words):
        return "c" if len(words) > 1 else "w"
    return "s" if len(words) == 1 and len(words[0]) >= _MIN_ALONE else ""
