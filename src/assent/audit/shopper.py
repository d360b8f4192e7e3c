"""The mystery shopper: real requests about invented work, by the public form, in every language.

What is asked for is the shopper's own: a file of random numbers and a plain picture, put up by a
test account, about nobody. Measured from outside, as the person who asks would see it: how long
until number and PIN are there, until the item is gone for a stranger, until the case is decided,
and whether the very same file stays away when it is put up again.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

LANGUAGES = ("en", "ar", "da", "de", "es", "fr", "hi", "ja", "ko", "pt", "zh-hans")
GONE = (404, 410)
_KEY = re.compile(r'id="(number|pin)"[^>]*>([^<]+)<')
_PATIENCE = 60.0


class ShopError(RuntimeError):
    """The marketplace did not answer as its documentation says."""


@dataclass(slots=True)
class Visit:
    """One request and what came of it. Seconds from sending; None: not (yet) seen."""

    language: str
    item: str
    seed: int
    number: str
    pin: str
    filed_at: str
    receipt_seconds: float
    hide_seconds: float | None = None
    decided_at: str | None = None
    stays_down: bool | None = None

    def published(self) -> dict[str, Any]:
        """Return what may be published of it: nothing that opens the case or names the item."""
        record = asdict(self)
        for private in ("item", "seed", "number", "pin"):
            del record[private]
        record["filed_at"] = self.filed_at[:10]
        record["decided_at"] = self.decided_at[:10] if self.decided_at else None
        record["decided_hours"] = self.hours()
        return record

    def hours(self) -> float | None:
        """Return after how many hours it was decided; None before that."""
        if self.decided_at is None:
            return None
        waited = datetime.fromisoformat(self.decided_at) - datetime.fromisoformat(self.filed_at)
        return round(waited.total_seconds() / 3600, 2)


class Shopper:
    """Shops at a marketplace that speaks this project's API, with the token of a test account."""

    def __init__(self, base: str, token: str, now: Callable[[], datetime]) -> None:
        self._base, self._now = base.rstrip("/"), now
        self._token = {"Authorization": f"Bearer {token}"}
        self._pool = urllib3.PoolManager(retries=False, timeout=20)

    def file(self, language: str) -> Visit:
        """Put something up, ask for it to be taken down in this language, and see it go."""
        seed = secrets.randbelow(2**31)
        item = self._put_up(seed)
        self._until_public(item)
        sent = {"where": item, "relation": "me", "good_faith": "on", "signature": "Test",
                "language": language}  # fmt: skip
        at, begun = self._now(), time.monotonic()
        page = self._post(f"/takedown?{urlencode({'lang': language})}", sent)
        keys = dict(_KEY.findall(page))
        if not keys.get("number") or not keys.get("pin"):
            raise ShopError(f"no number and PIN came back in {language}")
        receipt = time.monotonic() - begun
        visit = Visit(language, item, seed, keys["number"], keys["pin"],
                      at.isoformat(timespec="seconds"), round(receipt, 3))  # fmt: skip
        visit.hide_seconds = self._until_gone(item, begun)
        return visit

    def look(self, visit: Visit) -> None:
        """Look at a request again: is it decided, and does the same file stay away?"""
        visit.decided_at = visit.decided_at or self._decided_at(visit)
        if visit.decided_at is None:
            return
        if visit.stays_down is None:
            again = self._put_up(visit.seed, refused=True)
            visit.stays_down = again == "" or not self._becomes_public(again)

    def _put_up(self, seed: int, *, refused: bool = False) -> str:
        """Put the work of this seed up and return its id; empty where it is refused at once."""
        fields: dict[str, str | bytes | tuple[str, str | bytes]] = {
            "title": f"Test pattern {secrets.token_hex(3)}",
            "type": "LoraCreation",
            "description": "Random numbers, to measure this marketplace. About nobody.",
            "tags": "test",
            "files": ("pattern.safetensors", work(seed)),
            "images": ("pattern.png", picture(seed)),
        }
        answer = self._pool.request(
            "POST", f"{self._base}/api/v1/listings", fields=fields,
            headers={**self._token, "Idempotency-Key": secrets.token_hex(16)},
        )  # fmt: skip
        if answer.status in (201, 202):
            return str(answer.json()["id"])
        if refused and answer.status in (409, 422):
            return ""
        raise ShopError(f"putting something up answered {answer.status}: {answer.data[:200]!r}")

    def _until_public(self, item: str) -> None:
        if not self._becomes_public(item):
            raise ShopError(f"{item} was not published within {_PATIENCE:.0f} seconds")

    def _becomes_public(self, item: str) -> bool:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if self._status(f"/api/v1/listings/{item}") == 200:
                return True
            mine = self._pool.request(
                "GET", f"{self._base}/api/v1/listings/{item}", headers=self._token
            )
            if mine.status in GONE or (mine.status == 200 and mine.json()["state"] == "refused"):
                return False
            time.sleep(0.25)
        return False

    def _until_gone(self, item: str, begun: float) -> float | None:
        pages = (f"/listings/{item}", f"/api/v1/listings/{item}", f"/api/v1/items/{item}")
        while time.monotonic() < begun + _PATIENCE:
            if all(self._status(page) in GONE for page in pages):
                return round(time.monotonic() - begun, 3)
            time.sleep(0.05)
        return None

    def _decided_at(self, visit: Visit) -> str | None:
        answer = self._pool.request(
            "GET", f"{self._base}/api/v1/takedowns/{visit.number}",
            headers={"X-Case-Pin": visit.pin},
        )  # fmt: skip
        if answer.status != 200:
            raise ShopError(f"the status of a case answered {answer.status}")
        told = answer.json()["decided_at"]
        return str(told) if told else None

    def _status(self, path: str) -> int:
        return self._pool.request("GET", self._base + path).status

    def _post(self, path: str, fields: Mapping[str, str]) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields)
        answer = self._pool.request("POST", self._base + path, body=body, headers=headers)
        return answer.data.decode("utf-8", "replace")


def work(seed: int) -> bytes:
    """Return a valid small LoRA of random numbers, the same for the same seed."""
    import numpy as np
    from safetensors.numpy import save

    dice = np.random.default_rng(seed)
    stem = "lora_unet_down_blocks_0_attentions_0_proj_in"
    return save(
        {
            f"{stem}.lora_down.weight": dice.standard_normal((4, 64)).astype(np.float16),
            f"{stem}.lora_up.weight": dice.standard_normal((64, 4)).astype(np.float16),
            f"{stem}.alpha": np.array(4, dtype=np.float16),
        },
        {"made_with": "a test pattern"},
    )


def picture(seed: int) -> bytes:
    """Return a picture of coarse random squares, the same for the same seed."""
    import numpy as np
    from PIL import Image

    dice = np.random.default_rng(seed)
    squares = dice.integers(0, 256, (12, 12, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(squares).resize((384, 384), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def table(visits: Sequence[Visit]) -> str:
    """Return the visits for a terminal, in seconds and hours."""
    rows = [f"{'language':10}{'filed':12}{'receipt s':>10}{'hidden s':>10}{'decided h':>11}  stays"]
    for one in visits:
        hidden = "-" if one.hide_seconds is None else f"{one.hide_seconds:.2f}"
        decided = "open" if one.hours() is None else f"{one.hours():.2f}"
        stays = {None: "-", True: "yes", False: "NO"}[one.stays_down]
        rows.append(
            f"{one.language:10}{one.filed_at[:10]:12}{one.receipt_seconds:10.2f}{hidden:>10}"
            f"{decided:>11}  {stays}"
        )
    return "\n".join(rows)


def loaded(text: str) -> list[Visit]:
    """Return the visits of an earlier run; ValueError where this is no such file."""
    try:
        return [Visit(**one) for one in json.loads(text)["visits"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("this is no file of an earlier visit") from error
