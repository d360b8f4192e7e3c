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


@pytest.mark.parametrize("count", [1, 99, 100, 101, 30_000])
def test_the_library_and_numpy_give_the_same(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after removals, which leave rows of the past behind the last one."""
    dice = np.random.default_rng(8)
    scan = Scan(256)
    rows = dice.integers(0, 256, (count, 256), dtype=np.uint8)
    scan.add_many(range(count), rows)
    for key in range(0, count, 7):
        scan.remove(key)
    asked = [rows[-1].tobytes(), bytes(255 - rows[-1]), *some(3, 11, 256)]
    monkeypatch.setattr(index, "_WORTH_IT", 10**9)
    plain = [(scan.distances(one).tolist(), scan.near(one, 900)) for one in asked]
    monkeypatch.setattr(index, "_WORTH_IT", 0)
    assert index._library() is not None
    assert [(scan.distances(one).tolist(), scan.near(one, 900)) for one in asked] == plain


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(0, 70), st.integers(1, 9))
def test_the_least_are_the_least(values: list[int], most: int, sample: int) -> None:
    """Whatever a sample suggests; with many alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_SAMPLE", sample)
        table = np.array(values, np.uint16)
        found = table[index._least(table, most)].tolist()
    assert sorted(found) == sorted(values)[:most]


def test_where_the_library_is_missing_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_WORTH_IT", 0)
    monkeypatch.setattr(index, "find_spec", lambda _name: None)
    index._library.cache_clear()
    scan = Scan(256)
    rows = some(9, 2, 256)
    for key, bits in enumerate(rows):
        scan.add(key, bits)
    assert scan.near(rows[4], 0) == [(4, 0)]
    index._library.cache_clear()
