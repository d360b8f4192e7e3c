"""The name matcher written so that nobody can doubt it, and far too slow to use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assent.core.screening.gazetteer import Entry
from assent.core.screening.name_keys import MIN_WORD, name_words
from assent.core.screening.names import MAX_WORDS
from assent.core.screening.sounds import stem
from assent.core.screening.spellings import MAX_RUN, MIN_RUN
from assent.core.screening.tokens import Token

Found = set[tuple[str, int, int]]


def slow_exact(entries: Iterable[Entry], tokens: Sequence[Token]) -> Found:
    """Try every name at every word, with and without an initial in between."""
    words = [stem(token.text) for token in tokens]
    found: Found = set()
    for entry in entries:
        for name in entry.names:
            wanted = list(name_words(name))
            for at in range(len(words)):
                if wanted and words[at : at + len(wanted)] == wanted:
                    last = tokens[at + len(wanted) - 1]
                    found.add((" ".join(wanted), tokens[at].start, last.end))
                if len(wanted) == 2 and words[at : at + 1] == wanted[:1]:
                    between = words[at + 1 : at + 2]
                    if words[at + 2 : at + 3] == wanted[1:] and len(between[0]) == 1:
                        found.add((" ".join(wanted), tokens[at].start, tokens[at + 2].end))
    return found


def slow_joined(entries: Iterable[Entry], tokens: Sequence[Token]) -> Found:
    """Try every name, run together, against every run of words."""
    found: Found = set()
    for entry in entries:
        for name in entry.names:
            words = name_words(name)
            joined = "".join(words)
            if len(joined) < MIN_WORD or (len(words) == 1 and "s" not in entry.flags):
                continue
            for start in range(len(tokens)):
                for end in range(start + 1, min(start + MAX_RUN, len(tokens)) + 1):
                    pieces = [token.text for token in tokens[start:end]]
                    single = all(len(piece) == 1 for piece in pieces)
                    long_enough = len(joined) >= MIN_RUN or single or len(pieces) == 1
                    few = len(pieces) <= MAX_WORDS or single
                    if "".join(pieces) == joined and long_enough and few:
                        found.add((joined, tokens[start].start, tokens[end - 1].end))
    return found
