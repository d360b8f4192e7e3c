"""What somebody types into a search: words to look for, unless they look for a person.

A search for a person finds nothing, and says so on the page that any search without a result gets.
Protected names are never asked here, on purpose: whether a name is protected cannot be read off an
answer that does not depend on it. Names that nobody listed find nothing because nothing that is
public names a real person; the page is the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assent.core.screening.policy import Policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.terms import Outcome

WORD_MAX, WORDS_MAX, QUERY_MAX = 40, 8, 200
PREFIX_MIN = 3
_WORD = re.compile(r"\w+")
# Clues that a person is meant, however sure: a search has no other words around it that would tell.
_PERSON = frozenset(
    {"known_name", "disguised_name", "protected_name", "split_name", "relation", "own_likeness",
     "profile_link", "handle", "historical_name", "unlisted_name",
     "sounds_like_name", "possible_name", "censored_word", "social_source", "credited_handle",
     "acted_character", "stand_in", "surname_beside_job", "named_in_passing"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was read: `words` and `tag` as the index writes them. `answered` is False when
    it is about a person, or asks for what nobody may have here: it gets no result."""

    words: tuple[str, ...] = ()
    tag: str = ""
    answered: bool = True

    @property
    def asked(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.words or self.tag) or not self.answered


NO_SEARCH = Search()


def read_search(text: str, policy: Policy, *, at: date, tag: str = "") -> Search:
    """Read a query and a tag. Both are screened as somebody typed them and as a title would be
    written, since people search for names in small letters."""
    text, tag = text[:QUERY_MAX], tag[:QUERY_MAX]
    words = tuple(dict.fromkeys(index_words(text)))[:WORDS_MAX]
    if not text.strip() and not tag.strip():
        return NO_SEARCH
    doubtful = (Outcome.REVIEW, Outcome.REFUSE)
    about = [_is_refused(typed, policy, at, doubtful) for typed in (text, tag)]
    # A lone "Summer" is a name in a title; only what surely is one counts in words typed small.
    about += [_is_refused(t.title(), policy, at, (Outcome.REFUSE,)) for t in (text, tag)]
    nothing_to_find = bool(text.strip()) and not words
    return Search(words, tag_word(tag), not any(about) and not nothing_to_find)


def names_somebody(name: str, policy: Policy, *, at: date) -> bool:
    """Whether a name for an account is a real person's, or says what nobody may ask for here. One
    word alone that only might mean somebody ("patron", "daisy") is a name like any other."""
    written = name.replace("-", " ")[:QUERY_MAX]
    surely = (Outcome.REFUSE,)
    return any(_is_refused(one, policy, at, surely) for one in (name, written, written.title()))


def _is_refused(text: str, policy: Policy, at: date, outcomes: tuple[Outcome, ...]) -> bool:
    verdict = screen(Submission("", "search", None, text, ""), policy, at=at)
    names = {s.name for s in verdict.signals if s.weight > 0}
    return verdict.outcome in outcomes or bool(names & _PERSON)


def fold(text: str) -> str:
    """Write a text as the index does: without accents, capitals or look-alike widths.

    >>> fold("Café ÉCLAIR")
    'cafe eclair'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def index_words(text: str) -> Iterator[str]:
    """Yield the words of a text as the index writes them; plurals in "s" are one with the rest.

    >>> list(index_words("Two Lighthouses, one glass"))
    ['two', 'lighthouse', 'one', 'glass']
    """
    for word in _WORD.findall(fold(text)):
        is_plural = len(word) > PREFIX_MIN and word.endswith("s") and not word.endswith("ss")
        yield (word[:-1] if is_plural else word)[:WORD_MAX]


def tag_word(tag: str) -> str:
    """Return a tag as the index writes it.

    >>> tag_word(" Game  Art ")
    '#game art'
    """
    folded = " ".join(fold(tag).split())
    return f"#{folded[:WORD_MAX]}" if folded else ""


def entries_for(title: str, description: str, tags: tuple[str, ...]) -> frozenset[str]:
    """Return what an item is found by: every word, each beginning of a word of its title and tags
    (so that "light" finds lighthouses), and its tags as a whole."""
    leading = [w for text in (title, *tags) for w in index_words(text)]
    begun = {w[:n] for w in leading for n in range(PREFIX_MIN, len(w))}
    return frozenset({*leading, *begun, *index_words(description), *map(tag_word, tags)} - {""})
