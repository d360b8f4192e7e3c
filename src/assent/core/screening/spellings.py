"""Whether a stretch of a text is a name, and in which manner it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assent.core.screening.finding import Candidate, Search
from assent.core.screening.gazetteer import Entry
from assent.core.screening.name_keys import MIN_FUZZY, MIN_REVERSED, MIN_WORD, Key, name_words
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.sounds import near, sound, sound_key, stem
from assent.core.screening.tokens import Token, is_dense, word_after, word_before

MIN_RUN = 8  # letters of a name found across words; shorter ones turn up by chance
MAX_RUN = 40
MAX_PREFIX = 2  # Arabic and Hebrew glue "and", "for" and "the" to the front of a name
_MIN_INFLECTED = 4
_MIN_GIVEN = 3
_CENSORED = re.compile(r"(?<!\w)([^\W\d_]{1,12})[*•█#×✱]{1,12}([^\W\d_]{0,12})(?!\w)")
_MIN_SEEN = 2
_MIN_CONSONANTS = 4
_VOWELS = {"y": "i", "j": "i", "h": "h"}


def confirm(search: Search, candidate: Candidate) -> Match | None:
    """Return the match that a candidate is, or None."""
    if candidate.key is Key.HEAD:
        return _embedded(search, candidate)
    if candidate.first < 0:
        return _in_dense_text(search, candidate)
    raw = [search.word(at) for at in range(candidate.first, candidate.last + 1)]
    if candidate.skips:
        del raw[1]
    words = [stem(word) for word in raw]
    if candidate.key is Key.LETTERS:
        how = _written(search, candidate, words)
    else:
        how = _misspelt(candidate.entry, raw, search.gap(candidate.first))
    if how is None:
        return None
    layout = search.layout
    start, end = int(layout.starts[candidate.first]), int(layout.ends[candidate.last])
    return Match(candidate.entry, how, start, end)


def _written(search: Search, candidate: Candidate, words: Sequence[str]) -> str | None:
    entry, letters = candidate.entry, "".join(words)
    ways = []
    for name in entry.names:
        wanted = name_words(name)
        if list(wanted) == list(words):
            return "middle_initial" if candidate.skips else "exact"
        if candidate.skips or not wanted:
            continue
        whole = "".join(wanted)
        if letters == whole and _may_be_joined(entry, wanted, words):
            ways.append("joined")
        elif entry.is_person and len(wanted) > 1:
            ways.append(_turned(search, candidate, wanted, words) or "")
    return next((way for way in ways if way), None)


def _may_be_joined(entry: Entry, wanted: Sequence[str], words: Sequence[str]) -> bool:
    letters = sum(map(len, wanted))
    if len(wanted) == 1 and "s" not in entry.flags:
        return False
    if letters < MIN_WORD or letters > MAX_RUN:
        return False
    return letters >= MIN_RUN or len(words) == 1 or all(len(word) == 1 for word in words)


def _turned(
    search: Search, candidate: Candidate, wanted: Sequence[str], words: Sequence[str]
) -> str | None:
    """Return how a name of several words is turned round or shortened."""
    letters, whole = "".join(words), "".join(wanted)
    if len(words) == len(wanted) and list(words) == [wanted[-1], *wanted[:-1]]:
        return "inverted" if search.gap(candidate.first).strip() == "," else None
    backwards = letters == whole[::-1] or list(words) == [word[::-1] for word in wanted]
    if backwards and letters != whole and len(whole) >= MIN_REVERSED - 1:
        return "reversed"
    if list(words) == [wanted[0][0], wanted[-1]] and len(wanted[-1]) > 2:
        gap = search.gap(candidate.first)
        return "initial" if len(gap) <= 2 and gap[:1] in (".", " ", "_") else None
    if len(words) == len(wanted) == 2 and _inflected(words, wanted):
        return "inflected"
    return None


def _inflected(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return wanted[0] in _without_ending(words[0], _MIN_GIVEN) and wanted[1] in _without_ending(
        words[1], _MIN_INFLECTED
    )


def _without_ending(word: str, least: int) -> Iterator[str]:
    yield word
    for cut in (1, 2):
        if len(word) - cut >= least:
            yield word[:-cut]
    if word[-1:] in ("y", "e", "i", "o", "u") and len(word) >= _MIN_GIVEN:
        yield word[:-1] + "a"


def _misspelt(entry: Entry, words: Sequence[str], gap: str) -> str | None:
    """Two words with one slip in each at most, or spelt by ear."""
    if gap.strip(" \n-_.") or len(gap) > 2:
        return None
    for name in entry.names:
        wanted = name_words(name)
        if len(wanted) != 2 or list(wanted) == list(words):
            continue
        slips = [near(word, right) for word, right in zip(words, wanted, strict=True)]
        if all(slips) and sum(map(len, words)) >= MIN_FUZZY - 1:
            return "misspelt"
        if sum(map(len, words)) >= MIN_FUZZY and _by_ear(words, wanted):
            return "misspelt"
    return None


def _by_ear(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether both words sound as they should, and begin and end much as they should."""
    alike = all(
        _opening(word) == _opening(right) and abs(len(word) - len(right)) <= 2
        for word, right in zip(words, wanted, strict=True)
    )
    heard = sound_key(wanted)
    consonants = len(heard.replace("a", "").replace(" ", ""))
    return alike and consonants >= _MIN_CONSONANTS and sound_key(words) == heard


def _opening(word: str) -> str:
    """The first letter; a vowel as it is written, since by ear all vowels are one."""
    heard = sound(word[:2])[:1]
    return heard if heard != "a" else _VOWELS.get(word[0], word[0])


def _embedded(search: Search, candidate: Candidate) -> Match | None:
    layout = search.layout
    within = candidate.start - int(layout.first[candidate.first])
    word = search.word(candidate.first)[within:]
    for name in candidate.entry.names:
        wanted = name_words(name)
        whole = "".join(wanted)
        longer = len(search.word(candidate.first)) > len(whole) >= MIN_RUN
        if longer and len(wanted) > 1 and word.startswith(whole):
            start = int(layout.starts[candidate.first]) + within
            return Match(candidate.entry, "embedded", start, start + len(whole))
    return None


def _in_dense_text(search: Search, candidate: Candidate) -> Match | None:
    places = search.layout.places[candidate.start : candidate.end]
    letters = "".join(search.text[place] for place in places)
    depth = _depth(search, candidate.start)
    if depth > MAX_PREFIX and letters[0] < "\u3000":
        return None
    for name in candidate.entry.names:
        if is_dense(name) and "".join(name_words(name)) == letters:
            return Match(candidate.entry, "exact", int(places[0]), int(places[-1]) + 1)
    return None


def _depth(search: Search, letter: int) -> int:
    """How many letters of the word stand before this one."""
    word = int(search.layout.past.searchsorted(letter, "right"))
    return letter - int(search.layout.first[word])


def find_censored(index: NameIndex, text: str) -> Iterator[Match]:
    """Yield names with letters starred out, beside the other word of the name."""
    for star in _CENSORED.finditer(text):
        before, after = word_before(text, star.start() - 1), word_after(text, star.end() + 1)
        if before is not None:
            (people,) = index.with_given([before.text])
            yield from _starred(people, before, star, -1)
        if after is not None and sum(map(len, star.groups())) >= _MIN_SEEN:
            (people,) = index.with_surname([after.text])
            yield from _starred(people, after, star, 0)


def _starred(
    people: Sequence[Entry], beside: Token, star: re.Match[str], which: int
) -> Iterator[Match]:
    head, tail = star.groups()
    for entry in people:
        word = name_words(entry.name)[which]
        if word.startswith(head) and word.endswith(tail) and len(word) > len(head) + len(tail):
            start, end = sorted((beside.start, beside.end, star.start(), star.end()))[::3]
            yield Match(entry, "censored", start, end)
            return
