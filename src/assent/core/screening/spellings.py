"""Whether a stretch of a text is a name, and in which manner it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assent.core.screening.finding import Candidate
from assent.core.screening.gazetteer import Entry
from assent.core.screening.name_keys import MIN_FUZZY, MIN_REVERSED, MIN_WORD, Key, name_words
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.sheet import Sheet
from assent.core.screening.sounds import near, sound, sound_key, stem
from assent.core.screening.tokens import Token, is_dense, tokenise, word_after, word_before
from assent.core.screening.word_book import LISTED_GIVEN, LISTED_LAST

MIN_RUN = 8  # letters of a name found across words; shorter ones turn up by chance
MAX_RUN = 40
MAX_PREFIX = 2  # Arabic and Hebrew glue "and", "for" and "the" to the front of a name
_MIN_INFLECTED = 4
_MIN_GIVEN = 3
_STARS = re.compile(r"[*•█#×✱]+")
_CENSORED = re.compile(r"(?<!\w)([^\W\d_]{1,12})[*•█#×✱]{1,12}([^\W\d_]{0,12})(?!\w)")
_MOST_SEEN = 12  # letters before the stars
_MIN_SEEN = 2
_MIN_CONSONANTS = 4
_VOWELS = {"y": "i", "j": "i", "h": "h"}


def confirm(sheet: Sheet, candidate: Candidate) -> Match | None:
    """Return the match that a candidate is, or None."""
    if candidate.key is Key.HEAD:
        return _embedded(sheet, candidate)
    if candidate.first < 0:
        return _in_dense_text(sheet, candidate)
    raw = sheet.words[candidate.first : candidate.last + 1]
    if candidate.skips:
        del raw[1]
    words = [stem(word) for word in raw]
    if candidate.key is Key.LETTERS:
        how = _written(sheet, candidate, words)
    else:
        how = _misspelt(candidate.entry, raw, sheet.gap(candidate.first))
    if how is None:
        return None
    start, end = int(sheet.starts[candidate.first]), int(sheet.ends[candidate.last])
    return Match(candidate.entry, how, start, end)


def _written(sheet: Sheet, candidate: Candidate, words: Sequence[str]) -> str | None:
    entry = candidate.entry
    names = [name_words(name) for name in entry.names]
    if tuple(words) in names:
        return "middle_initial" if candidate.skips else "exact"
    if candidate.skips:
        return None
    letters = "".join(words)
    for wanted in filter(None, names):
        way = None
        if letters == "".join(wanted) and _may_be_joined(entry, wanted, words):
            way = "joined"
        elif entry.is_person and len(wanted) > 1:
            way = _turned(sheet, candidate, wanted, words)
        if way:
            return way
    return None


def _may_be_joined(entry: Entry, wanted: Sequence[str], words: Sequence[str]) -> bool:
    letters = sum(map(len, wanted))
    if len(wanted) == 1 and "s" not in entry.flags:
        return False
    if letters < MIN_WORD or letters > MAX_RUN:
        return False
    return letters >= MIN_RUN or len(words) == 1 or all(len(word) == 1 for word in words)


def _turned(
    sheet: Sheet, candidate: Candidate, wanted: Sequence[str], words: Sequence[str]
) -> str | None:
    """Return how a name of several words is turned round or shortened."""
    letters, whole = "".join(words), "".join(wanted)
    if len(words) == len(wanted) and list(words) == [wanted[-1], *wanted[:-1]]:
        return "inverted" if sheet.gap(candidate.first).strip() == "," else None
    backwards = letters == whole[::-1] or list(words) == [word[::-1] for word in wanted]
    if backwards and letters != whole and len(whole) >= MIN_REVERSED - 1:
        return "reversed"
    if list(words) == [wanted[0][0], wanted[-1]] and len(wanted[-1]) > 2:
        gap = sheet.gap(candidate.first)
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
    left, right = words
    letters = len(left) + len(right)
    for name in entry.names:
        wanted = name_words(name)
        if len(wanted) != 2 or (left == wanted[0] and right == wanted[1]):
            continue
        if letters >= MIN_FUZZY - 1 and near(left, wanted[0]) and near(right, wanted[1]):
            return "misspelt"
        if letters >= MIN_FUZZY and _by_ear(words, wanted):
            return "misspelt"
    return None


def _by_ear(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether both words sound as they should, and begin and end much as they should."""
    for word, right in zip(words, wanted, strict=True):
        if abs(len(word) - len(right)) > 2 or sound(word) != sound(right):
            return False
        if _opening(word) != _opening(right):
            return False
    heard = sound_key(wanted)
    return len(heard.replace("a", "").replace(" ", "")) >= _MIN_CONSONANTS


def _opening(word: str) -> str:
    """The first letter; a vowel as it is written, since by ear all vowels are one."""
    heard = sound(word[:2])[:1]
    return heard if heard != "a" else _VOWELS.get(word[0], word[0])


def _embedded(sheet: Sheet, candidate: Candidate) -> Match | None:
    whole_word = sheet.words[candidate.first]
    word = whole_word[candidate.start :]
    for name in candidate.entry.names:
        wanted = name_words(name)
        whole = "".join(wanted)
        longer = len(whole_word) > len(whole) >= MIN_RUN
        if longer and len(wanted) > 1 and word.startswith(whole):
            start = int(sheet.starts[candidate.first]) + candidate.start
            return Match(candidate.entry, "embedded", start, start + len(whole))
    return None


def _in_dense_text(sheet: Sheet, candidate: Candidate) -> Match | None:
    start, end = candidate.start, candidate.end
    letters = "".join(token.text for token in tokenise(sheet.text[start:end]))
    if candidate.depth > MAX_PREFIX and letters[0] < "\u3000":
        return None
    for name in candidate.entry.names:
        if is_dense(name) and "".join(name_words(name)) == letters:
            return Match(candidate.entry, "exact", start, end)
    return None


def starred(text: str, stars: re.Pattern[str], word: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what `word.finditer` does for words of letters with stars in them.

    It begins at the stars, which few texts have, and looks back for the letters.
    """
    past = 0
    for run in stars.finditer(text):
        start = run.start()
        least = max(past, start - _MOST_SEEN)
        while start > least and _is_letter(text[start - 1]):
            start -= 1
        found = word.match(text, start) if start < run.start() else None
        if found is not None:
            past = found.end()
            yield found


def _is_letter(char: str) -> bool:
    return char.isalnum() and not char.isdecimal()


def find_censored(index: NameIndex, text: str) -> Iterator[Match]:
    """Yield names with letters starred out, beside the other word of the name."""
    for star in starred(text, _STARS, _CENSORED):
        before, after = word_before(text, star.start() - 1), word_after(text, star.end() + 1)
        if before is not None and _may_be(index, before.text, LISTED_GIVEN):
            (people,) = index.with_given([before.text])
            yield from _starred(people, before, star, -1)
        seen = sum(map(len, star.groups()))
        if after is not None and seen >= _MIN_SEEN and _may_be(index, after.text, LISTED_LAST):
            (people,) = index.with_surname([after.text])
            yield from _starred(people, after, star, 0)


def _may_be(index: NameIndex, word: str, flag: int) -> bool:
    """Whether a word may be on a list; only plain ones can be asked without their case ending."""
    return not word.isascii() or bool(index.book.flags(word) & flag)


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
