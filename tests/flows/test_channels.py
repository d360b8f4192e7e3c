"""The one place that fetches what strangers type: it reaches nothing but one public page."""

from __future__ import annotations

import io
from typing import Any

import pytest
import urllib3

from assent.gateways import channels
from assent.gateways.channels import PAGE_BYTES_MAX, UnseenError, is_public, look

URL = "https://social.example/vera"
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1",
    "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1", "192.0.2.1", "198.18.0.1", "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_never_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(UnseenError, match="public internet"):
        look(URL, resolve=lambda host: [address])
    with pytest.raises(UnseenError, match="public internet"):
        look(URL, resolve=lambda host: ["93.184.216.34", address])


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


class Answer:
    """A recorded answer of a site."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self._body = io.BytesIO(body)

    def stream(self, size: int) -> Any:
        """Yield the body in pieces."""
        while piece := self._body.read(size):
            yield piece


class Pool:
    """Stands where the connection would be, and remembers where it would have gone."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.answer = answer
        self.made: list[tuple[Any, ...]] = []
        self.asked: list[tuple[Any, ...]] = []

    def __call__(self, host: str, port: int, **more: Any) -> Pool:
        """Open."""
        self.made.append((host, port, more["server_hostname"], more["assert_hostname"]))
        return self

    def request(self, method: str, target: str, **more: Any) -> Answer:
        """Ask."""
        self.asked.append((method, target, more["redirect"], more["headers"]["Host"]))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """Nothing to close."""


def fetched(
    monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception, names: list[str]
) -> tuple[Pool, list[str]]:
    """Look at the page with this answer; the resolver is asked once and changes its mind after."""
    pool = Pool(answer)
    monkeypatch.setattr(channels.urllib3, "HTTPSConnectionPool", pool)
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return names if len(asked) == 1 else ["127.0.0.1"]

    seen = look(f"{URL}?tab=about", resolve=resolve)
    return pool, [seen.text, *asked]


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, (text, *asked) = fetched(
        monkeypatch, Answer(200, b"Hello ASSENT-abc"), ["93.184.216.34", "93.184.216.35"]
    )
    assert text == "hello assent-abc"
    assert asked == ["social.example"]  # once: a name that changes its mind gets nowhere
    assert pool.made == [("93.184.216.34", 443, "social.example", "social.example")]
    assert pool.asked == [("GET", "/vera?tab=about", False, "social.example")]


@pytest.mark.parametrize("status", [201, 301, 302, 307, 403, 404, 500])
def test_a_redirect_is_no_answer(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with pytest.raises(UnseenError, match=str(status)):
        fetched(monkeypatch, Answer(status, b"x"), ["93.184.216.34"])


def test_a_page_without_end_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnseenError, match="too large"):
        fetched(monkeypatch, Answer(200, b"x" * (PAGE_BYTES_MAX + 1)), ["93.184.216.34"])


def test_a_slow_page_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SECONDS_MAX", -1.0)
    with pytest.raises(UnseenError, match="too slow"):
        fetched(monkeypatch, Answer(200, b"x"), ["93.184.216.34"])


@pytest.mark.parametrize(
    "error",
    [
        urllib3.exceptions.SSLError("wrong certificate"),
        urllib3.exceptions.ConnectTimeoutError(None, "x", "slow"),  # type: ignore[arg-type]
        urllib3.exceptions.ProtocolError("cut"),
    ],
)
def test_whatever_goes_wrong_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with pytest.raises(UnseenError, match="did not answer"):
        fetched(monkeypatch, error, ["93.184.216.34"])


def test_a_name_that_is_not_known_is_no_answer() -> None:
    def resolve(host: str) -> list[str]:
        raise OSError("unknown")

    with pytest.raises(UnseenError, match="not known"):
        look(URL, resolve=resolve)
