"""Titles and descriptions that picture programs write: XMP and IPTC.

XMP (ISO 16684-1) is read as text and never as XML: a parser would have to be kept from entities,
and words are all that is wanted. They stand between tags and, in the short form, as attributes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PIL import IptcImagePlugin
from PIL.ImageFile import ImageFile

from assent.core.files.config_clues import Clue

_TITLE, _PERSON = 0.6, 0.9
_PACKET = 1_000_000  # bytes that are read: the searches below cost more than the text is long
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(
    r"""(?<![\w.-])(?P<name>[\w.-]{1,40}:[\w.-]{1,60})\s{0,8}=\s{0,8}(?:"(?P<a>[^"<]{1,5000})"|'(?P<b>[^'<]{1,5000})')"""
)
# Attributes that hold what somebody wrote. All others are dates, numbers, identifiers and programs.
_WRITTEN = re.compile(
    r":(?:title|description|subject|headline|caption\w*|personinimage|personshown|instructions"
    r"|label|usercomment|imagedescription|xptitle|xpcomment|xpsubject|xpkeywords|hierarchicalsubject"
    r"|keywords|aipromptinformation|parameters|prompt|source|event|nickname)$",
    re.IGNORECASE,
)
_PERSONS = re.compile(r"<(?P<tag>[\w.-]{1,40}:PersonInImage\w*)\b.{0,600}?</(?P=tag)\s*>", re.S)
# IPTC-IIM 4.2, record 2: what is shown, and who wrote nothing of it.
_IPTC = {
    (2, 5): ("ObjectName", _TITLE),
    (2, 25): ("Keywords", _TITLE),
    (2, 40): ("Instructions", 0.4),
    (2, 105): ("Headline", _TITLE),
    (2, 116): ("Copyright", 0.2),
    (2, 120): ("Caption", _TITLE),
}


def xmp_clues(packet: bytes) -> Iterator[Clue]:
    """Yield what is written in an XMP packet."""
    text = packet[:_PACKET].decode("utf-8", "replace")
    for found in _PERSONS.finditer(text):
        yield _between(found[0]), "xmp.PersonInImage", _PERSON
    yield _between(text), "xmp", _TITLE
    for found in _ATTRIBUTE.finditer(text):
        if _WRITTEN.search(found["name"]):
            yield html.unescape(found["a"] or found["b"]), f"xmp.{found['name']}", _TITLE


def _between(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text))


def iptc_clues(picture: ImageFile) -> Iterator[Clue]:
    """Yield what is written in the IPTC record of a JPEG."""
    found = IptcImagePlugin.getiptcinfo(picture) or {}
    for key, (name, weight) in _IPTC.items():
        values = found.get(key, [])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, bytes):
                yield value.decode("utf-8", "replace"), f"iptc.{name}", weight
