"""Looks at a public page that somebody says is theirs, and hands removal notices to other sites.
The one place that connects to addresses which strangers type, so it does as little as it can.

Only https on port 443; only addresses of the public internet, checked after the name was resolved
and connected to by that very address, so that a name which changes its mind meanwhile gets nowhere;
no redirect; no cookie, no proxy; a page of limited size, in limited time. Nothing that goes wrong
is an answer: the page was then simply not seen.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from assent.core.consent.channels import channel_refusal

PAGE_BYTES_MAX = 1_000_000
SECONDS_MAX = 10.0
PORT = 443
_CHUNK = 65_536

Resolve = Callable[[str], list[str]]


class UnseenError(Exception):
    """The page could not be looked at; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was seen: its text in lower case is enough to look for a word."""

    url: str
    text: str


def look(url: str, *, resolve: Resolve | None = None) -> Seen:
    """Fetch one public page, or raise UnseenError."""
    refusal = channel_refusal(url)
    if refusal is not None:
        raise UnseenError(refusal.sentence)
    parts = urlsplit(url.strip())
    host = parts.hostname or ""
    address = _public_address(host, resolve or _resolve)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Seen(url, _read(host, address, target))


def hand_over(url: str, body: bytes, kind: str, *, resolve: Resolve | None = None) -> int:
    """Send something to an address that the operator listed, under the same rules, and return the
    status of the answer, of which nothing else is read; or raise UnseenError."""
    refusal = channel_refusal(url)
    if refusal is not None:
        raise UnseenError(refusal.sentence)
    parts = urlsplit(url.strip())
    host = parts.hostname or ""
    address = _public_address(host, resolve or _resolve)
    headers = {"Host": host, "User-Agent": "Assent-Removal-Notice/1", "Content-Type": kind}
    with _pool(host, address) as pool:
        try:
            answer = pool.request(
                "POST", parts.path or "/", body=body, headers=headers, redirect=False,
                preload_content=False,
            )  # fmt: skip
            return int(answer.status)
        except urllib3.exceptions.HTTPError as error:
            raise UnseenError("the site did not answer") from error


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _public_address(host: str, resolve: Resolve) -> str:
    try:
        addresses = resolve(host)
    except OSError as error:
        raise UnseenError("the name of the site is not known") from error
    # One private address among public ones is a trick, not a mistake.
    if not addresses or not all(is_public(one) for one in addresses):
        raise UnseenError("the site is not on the public internet")
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet's."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        return bool(inner.is_global)
    return found.is_global and not found.is_multicast


def _read(host: str, address: str, target: str) -> str:
    until = time.monotonic() + SECONDS_MAX
    headers = {"Host": host, "User-Agent": "Assent-Consent-Check/1", "Accept": "text/html"}
    with _pool(host, address) as pool:
        try:
            answer = pool.request(
                "GET", target, headers=headers, redirect=False, preload_content=False
            )
            if answer.status != 200:
                raise UnseenError(f"the site answered {answer.status}")
            return _body(answer, until)
        except urllib3.exceptions.HTTPError as error:
            raise UnseenError("the site did not answer") from error


@contextmanager
def _pool(host: str, address: str) -> Iterator[urllib3.HTTPSConnectionPool]:
    pool = urllib3.HTTPSConnectionPool(
        address,
        PORT,
        server_hostname=host,
        assert_hostname=host,
        timeout=urllib3.Timeout(connect=5, read=5),
        retries=False,
        maxsize=1,
    )
    try:
        yield pool
    finally:
        pool.close()


def _body(answer: urllib3.BaseHTTPResponse, until: float) -> str:
    read = b""
    for chunk in answer.stream(_CHUNK):
        read += chunk
        if len(read) > PAGE_BYTES_MAX or time.monotonic() > until:
            raise UnseenError("the page is too large or too slow")
    return read.decode("utf-8", errors="replace").casefold()
