"""A decision of a person on something held, as a labelled record to measure and train with.

What is written about nobody in particular stays as it is, because the words are what is learnt
from. Addresses, links, handles and long numbers become placeholders of the same shape; there is no
author, no date, no reason and no id that leads back to the item.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from assent.core.screening.discreet import PROTECTED
from assent.core.screening.submission import Submission

_MASKS = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"), "somebody@mail.example"),
    (
        re.compile(r"(https?://)?((?:[\w-]{1,40}\.){1,4}[a-z]{2,12})/[^\s<>\"')]{1,300}"),
        r"\1\2/somebody",
    ),
    (re.compile(r"(?<![\w.@/])@\w[\w.]{1,38}"), "@somebody"),
    (re.compile(r"\+?\d[\d \-()/]{6,20}\d"), "000 000 000"),
)


def may_be_exported(record: Mapping[str, Any]) -> bool:
    """Whether a screening's record names nobody who asked for protection."""
    return PROTECTED.isdisjoint(signal["name"] for signal in record["signals"])


def masked(text: str) -> str:
    """Return a text without what leads to somebody.

    >>> masked("write to ann@post.example or @ann.makes, instagram.com/ann.makes or +49 170 123456")
    'write to somebody@mail.example or @somebody, instagram.com/somebody or 000 000 000'
    """
    for wanted, instead in _MASKS:
        text = wanted.sub(instead, text)
    return text


def labelled(given: Submission, record: Mapping[str, Any], *, published: bool) -> dict[str, Any]:
    """Return the record: the words, what a person decided, and what the machine had said."""
    words = {
        "kind": given.kind,
        "type": given.type,
        "title": masked(given.title),
        "description": masked(given.description),
        "tags": [masked(tag) for tag in given.tags],
    }
    name = hashlib.sha256(repr(sorted(words.items())).encode()).hexdigest()[:12]
    return {
        "id": f"decided-{name}",
        **words,
        "labels": {"action": "allow" if published else "block"},
        "machine": {"verdict": record["verdict"], "policy": record["policy"]},
    }
