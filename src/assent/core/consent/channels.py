"""Proof that it is the person: a public channel, older than the request, shows a nonce."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from assent.core.terms import Refusal, RefusalKind

URL_MAX = 300
VOUCHES = 2  # how many moderators must agree
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def channel_refusal(url: str) -> Refusal | None:
    """Return why this address cannot prove anybody, or None.

    Only https, a plain host name (no number, no port, no log-in in the address), and plain letters:
    a host in another script can look like the one it is not.
    """
    parts = _parts(url)
    if parts is None or len(url) > URL_MAX:
        return _refusal("This is not the address of a page.")
    if parts.scheme != "https":
        return _refusal("Give an address that begins with https://")
    if parts.username or parts.password or parts.netloc != parts.hostname:
        return _refusal("Give the address without a user name, password or port.")
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or "xn--" in host:
        return _refusal("Give the address of a public page, with its name in plain letters.")
    if not url.isascii():
        return _refusal("Give the address in plain letters, as your browser copies it.")
    return None


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None


def _refusal(sentence: str) -> Refusal:
    return Refusal("channel_unusable", sentence, fields={"url": sentence})


def shows(text: str, nonce: str) -> bool:
    """Return whether a page shows the nonce as a word of its own, however it is set in the page."""
    return re.search(rf"(?<![0-9a-z]){re.escape(nonce)}(?![0-9a-z])", text.casefold()) is not None


_LOOKALIKES = str.maketrans("0135", "oles")


def lookalike(handle: str, name: str) -> bool:
    """Return whether a handle spells a name with other characters: `vera1indqvist`.

    >>> lookalike("ver4_1indqvist", "Vera Lindqvist"), lookalike("veralindqvist", "Vera Lindqvist")
    (True, False)
    """
    plain = re.sub(r"[^0-9a-z]", "", name.casefold())
    typed = re.sub(r"[^0-9a-z]", "", handle.casefold())
    read = typed.replace("4", "a").replace("rn", "m").replace("vv", "w").translate(_LOOKALIKES)
    read_l = typed.replace("4", "a").replace("1", "i").translate(_LOOKALIKES)
    return plain != "" and plain not in typed and (plain in read or plain in read_l)


class VouchAnswer(StrEnum):
    """What a moderator says of a channel."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Vouch:
    """One moderator's word: that the channel is the person's, and since when it can be seen to
    have been theirs."""

    moderator: str
    answer: VouchAnswer
    seen_since: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a vouch is about: who asked, on which day, whether the nonce was seen there."""

    requester: str
    asked_on: date
    nonce_seen: bool


def vouch_refusal(vouch: Vouch, claim: Claim, earlier: tuple[Vouch, ...]) -> Refusal | None:
    """Return why this moderator cannot say this, or None."""
    if vouch.moderator == claim.requester:
        return Refusal("own_request", "You asked for this yourself.", RefusalKind.NOT_ALLOWED)
    if vouch.moderator in (v.moderator for v in earlier):
        return Refusal("said_already", "You have said so already.", RefusalKind.CONFLICT)
    if vouch.answer is VouchAnswer.NO:
        return None
    if not claim.nonce_seen:
        return Refusal("nonce_unseen", "The page has not shown the word yet.", RefusalKind.CONFLICT)
    if vouch.seen_since is None or vouch.seen_since >= claim.asked_on:
        sentence = "Give a day before the request on which this channel can be seen to be theirs."
        return Refusal("channel_too_new", sentence, fields={"seen_since": sentence})
    return None


def is_proved(vouches: tuple[Vouch, ...]) -> bool:
    """Return whether enough moderators vouch and none objects."""
    answers = [v.answer for v in vouches]
    return VouchAnswer.NO not in answers and answers.count(VouchAnswer.YES) >= VOUCHES
