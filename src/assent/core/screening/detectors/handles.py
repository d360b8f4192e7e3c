"""Handles and profile links that stand for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page, Passage
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("handle", "profile_link", "credited_handle")

_HANDLE = re.compile(r"(?<![\w.@/])@([a-z0-9_](?:[\w.]{1,38}[\w])?)")
_SITES = (
    "instagram|tiktok|facebook|twitter|x|onlyfans|twitch|youtube|youtu|linkedin|vk|weibo|"
    "snapchat|patreon|fansly|threads|reddit|pinterest|imdb|t|telegram|naver|xiaohongshu|bilibili"
)
_LINK = re.compile(
    rf"(?:https?://)?(?:[\w-]{{1,20}}\.)?(?:{_SITES})\.(?:com|net|tv|be|me|ru|cn|org)"
    r"/[^\s<>\"')]{2,200}"
)
_CREDIT_REACH = 40
_LEAD = 16
_THANKS = ("thanks", "thx", "credit", "gracias", "obrigado", "obrigada", "danke", "merci", "grazie",
           "спасибо", "dzieki", "bedankt", "tesekkurler", "감사", "感谢", "شكرا")  # fmt: skip


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each handle or profile link."""
    for passage in page.passages:
        linked: set[int] = set()
        text = passage.reading.text
        for found in _LINK.finditer(text) if "/" in text else ():
            linked.update(range(*found.span()))
            yield _signal(page, passage, found, "profile_link", 0.6)
        for found in _HANDLE.finditer(text) if "@" in text else ():
            if found.start() not in linked:
                yield _signal(page, passage, found, "handle", 0.5)


def _signal(page: Page, passage: Passage, found: re.Match[str], name: str, weight: float) -> Signal:
    if _credited(passage, found.start()):
        return passage.signal("credited_handle", 0.05, found.start(), found.end())
    if _asked_for(page):
        weight = 0.45 if _of_nobody(page) else 0.78
    text = passage.reading.text[found.start() : found.end()]
    return passage.signal(
        name,
        weight,
        found.start(),
        found.end(),
        subject=text,
        subject_kind=SubjectKind.PUBLIC_FIGURE,
    )


def _asked_for(page: Page) -> bool:
    """A handle in an offered model, or beside words about a face, is whom the work shows."""
    if page.submission.kind == "model":
        return True
    return page.has("likeness", "request", "photos", "person", "pronoun", "explicit")


def _of_nobody(page: Page) -> bool:
    """A drawn character or an animal whose maker or keeper has a page ("my OC, art at @velka"):
    whose page it is, a person looks up; it is held and not refused."""
    if page.has("person", "likeness", "explicit", "relation", "self"):
        return False
    return page.has("drawn", "animal", "synthetic")


def _credited(passage: Passage, at: int) -> bool:
    if passage.reading.text[max(0, at - _LEAD) : at].rstrip(" :,").endswith(_THANKS):
        return True
    at, _ = passage.reading.span(at, at + 1)
    return any(
        hit.category == "credit" and hit.start <= at and at - hit.end <= _CREDIT_REACH
        for hit in passage.around(at, at, _CREDIT_REACH)
    )


def examples() -> tuple[Example, ...]:
    """Handles that are the subject, and handles that are thanked."""
    return (
        Example(True, "Based on @quiet.baker.vlog, same face", signal="handle"),
        Example(True, "photos: https://www.instagram.com/quiet.baker.vlog", signal="profile_link"),
        Example(True, "LoRA of my OC, a fox knight, art at @velka.draws", signal="handle"),
        Example(True, "thanks to @quiet.baker for the training guide", signal="credited_handle"),
        Example(False, "write to shop@bikelights.example"),
    )
