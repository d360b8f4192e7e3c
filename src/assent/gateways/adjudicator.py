"""The reader that an operator configures: an endpoint that speaks as OpenAI's chat completions do.

It is off unless an address is given. Only https, or this machine; no redirect, no retry, a short
answer in limited time. What was asked before is not asked again; a day has a most; after some
failures in a row nothing is asked any more. None of these is an answer, so the listing waits.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from assent.core.screening.adjudicating import PROMPT, SCHEMA, Message, read_answer

ANSWER_BYTES_MAX = 65_536
_TOKENS = 60
_FAILURES = 3
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class AddressError(ValueError):
    """An address that listings may not be sent to; the message says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, whom, and how much of it."""

    url: str  # as in https://host/v1
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 10.0
    most: int = 1_000  # questions a day

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise AddressError(f"{self.url} is no address of a service")
        if parts.scheme == "http" and parts.hostname not in _HERE:
            raise AddressError("listings are sent by https only, except on this machine")


class Remembering:
    """Asks an endpoint what it was not asked before. Use it as a context manager."""

    def __init__(self, endpoint: Endpoint, today: str, file: Path | None = None) -> None:
        self._endpoint, self._today = endpoint, today
        self._failed = 0
        self._pool = urllib3.PoolManager(retries=False, timeout=endpoint.seconds)
        self._base = sqlite3.connect(file or ":memory:", timeout=30, isolation_level=None)
        self._base.execute("create table if not exists answers (key blob primary key, said text)")
        self._base.execute("create table if not exists days (day text primary key, asked integer)")

    def __enter__(self) -> Remembering:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._pool.clear()

    def ask(self, messages: Sequence[Message]) -> str | None:
        """Return the answer of the endpoint or of the memory, None where there is none."""
        key = self._key(messages)
        row = self._base.execute("select said from answers where key = ?", (key,)).fetchone()
        if row is not None:
            return str(row[0])
        if self._failed >= _FAILURES or not self._may_spend():
            return None
        said = self._said(messages)
        if read_answer(said) is None:
            self._failed += 1
            return None
        self._failed = 0
        # Only what is an answer is remembered: whatever else came may come right the next time.
        self._base.execute("insert or ignore into answers values (?, ?)", (key, said))
        return said

    def _key(self, messages: Sequence[Message]) -> bytes:
        asked = json.dumps([PROMPT, self._endpoint.url, self._endpoint.model, list(messages)])
        return hashlib.blake2b(asked.encode(), digest_size=16).digest()

    def _may_spend(self) -> bool:
        """Count one more question of today before it is asked, unless today has had its most."""
        self._base.execute("insert or ignore into days values (?, 0)", (self._today,))
        spent = self._base.execute(
            "update days set asked = asked + 1 where day = ? and asked < ?",
            (self._today, self._endpoint.most),
        )
        return spent.rowcount == 1

    def _said(self, messages: Sequence[Message]) -> str | None:
        body = {
            "model": self._endpoint.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": _TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "likeness", "strict": True, "schema": SCHEMA},
            },
        }
        headers = {"Content-Type": "application/json", "User-Agent": "Assent-Screening/1"}
        if self._endpoint.key:
            headers["Authorization"] = f"Bearer {self._endpoint.key}"
        try:
            answer = self._pool.request(
                "POST", f"{self._endpoint.url.rstrip('/')}/chat/completions",
                body=json.dumps(body), headers=headers, redirect=False, preload_content=False,
            )  # fmt: skip
            raw = self._read(answer)
        except (urllib3.exceptions.HTTPError, OSError):
            return None
        return _content(raw) if answer.status == 200 and len(raw) <= ANSWER_BYTES_MAX else None

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """Return the answer, in a limited time however slowly it drips."""
        until = time.monotonic() + self._endpoint.seconds
        raw = b""
        while part := answer.read1(ANSWER_BYTES_MAX):
            raw += part
            if len(raw) > ANSWER_BYTES_MAX or time.monotonic() > until:
                answer.close()
                raise OSError("the answer is too long or too slow")
        answer.release_conn()
        return raw


def _content(raw: bytes) -> str | None:
    """Return the text of the one answer in a response, None for a response of another shape."""
    try:
        said = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return said if isinstance(said, str) else None


def endpoint_from(given: Mapping[str, str]) -> Endpoint | None:
    """Return the endpoint that settings name, None where they name none; or raise AddressError."""
    url = given.get("ASSENT_ADJUDICATOR_URL", "")
    if not url:
        return None
    model = given.get("ASSENT_ADJUDICATOR_MODEL", "")
    if not model:
        raise AddressError("ASSENT_ADJUDICATOR_MODEL must say which model is asked")
    try:
        seconds = float(given.get("ASSENT_ADJUDICATOR_SECONDS") or 10)
        most = int(given.get("ASSENT_ADJUDICATOR_A_DAY") or 1_000)
    except ValueError as error:
        raise AddressError("ASSENT_ADJUDICATOR_SECONDS and _A_DAY must be numbers") from error
    if not 0 < seconds <= 60 or most < 0:
        raise AddressError("ASSENT_ADJUDICATOR_SECONDS must be above 0 and at most 60")
    return Endpoint(url, model, given.get("ASSENT_ADJUDICATOR_KEY", ""), seconds, most)
