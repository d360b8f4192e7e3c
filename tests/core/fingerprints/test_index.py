"""Every index finds all that are in reach, whatever was added and removed before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.fingerprints import index
from assent.core.fingerprints.index import Index, Pigeonhole, Scan, chunk_keys, probe_keys
from assent.core.fingerprints.pdq import NEAR, distance

MAKERS = {"pigeonhole": lambda: Pigeonhole(32), "scan": lambda: Scan(32)}


def some(count: int, seed: int, length: int = 32) -> list[bytes]:
    dice = np.random.default_rng(seed)
    return [dice.integers(0, 256, length, dtype=np.uint8).tobytes() for _ in range(count)]


def flipped(bits: bytes, count: int, seed: int) -> bytes:
    chosen = np.random.default_rng(seed).choice(8 * len(bits), count, replace=False)
    number = int.from_bytes(bits)
    for place in chosen.tolist():
        number ^= 1 << place
    return number.to_bytes(len(bits))


@given(st.integers(0, 2**31), st.integers(0, NEAR))
def test_a_fingerprint_in_reach_is_always_filed_under_one_of_the_probes(
    seed: int, off: int
) -> None:
    asked = some(1, seed)[0]
    filed = set(chunk_keys(flipped(asked, off, seed)))
    assert filed & set(probe_keys(asked, NEAR))


def test_pdq_takes_272_probes() -> None:
    assert len(set(probe_keys(some(1, 1)[0], NEAR))) == 272


@pytest.mark.parametrize("kind", list(MAKERS))
@pytest.mark.parametrize("tail", [3, 10_000])
def test_the_same_answers_as_comparing_one_by_one(
    kind: str, tail: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_TAIL_MOST", tail)
    found: Index = MAKERS[kind]()
    kept: dict[int, bytes] = {}
    for key, bits in enumerate(some(120, 3)):
        found.add(key, bits)
        kept[key] = bits
        if key % 3 == 0:
            near = flipped(bits, key % 33, key)
            found.add(1000 + key, near)
            kept[1000 + key] = near
        if key % 5 == 0:
            found.remove(key)
            found.remove(key)
            del kept[key]
    replaced = some(1, 99)[0]
    found.add(7, replaced)
    kept[7] = replaced
    assert len(found) == len(kept)
    for bits in [*kept.values(), *some(5, 4)]:
        slow = [(k, d) for k, v in kept.items() if (d := distance(v, bits)) <= NEAR]
        assert found.near(bits, NEAR) == sorted(slow, key=lambda pair: (pair[1], pair[0]))


def test_many_at_once_are_as_one_by_one() -> None:
    rows = some(200, 5)
    many, single = Pigeonhole(), Pigeonhole()
    many.add_many(range(200), np.frombuffer(b"".join(rows), np.uint8).reshape(200, 32))
    for key, bits in enumerate(rows):
        single.add(key, bits)
    asked = flipped(rows[17], 31, 1)
    assert many.near(asked, NEAR) == single.near(asked, NEAR) == [(17, 31)]


def test_the_shortlist_sees_a_negative_as_near() -> None:
    rows = some(50, 6, 256)
    scan = Scan(256)
    for key, bits in enumerate(rows):
        scan.add(key, bits)
    negative = bytes(255 - byte for byte in rows[9])
    assert scan.shortlist(negative, 5)[0] == (9, 0)
    assert Scan(256).shortlist(negative, 5) == []
