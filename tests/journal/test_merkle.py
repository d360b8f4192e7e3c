"""The Merkle tree against the definition in RFC 6962, written down as it stands there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.journal.merkle import EMPTY, holds, leaf, path, roots


def hashes(count: int) -> list[str]:
    return [hashlib.sha256(str(n).encode()).hexdigest() for n in range(count)]


def split(count: int) -> int:
    """Return the largest power of two below `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def slow_root(rows: list[str]) -> bytes:
    """MTH of section 2.1."""
    if not rows:
        return hashlib.sha256(b"").digest()
    if len(rows) == 1:
        return leaf(rows[0])
    k = split(len(rows))
    return hashlib.sha256(b"\x01" + slow_root(rows[:k]) + slow_root(rows[k:])).digest()


def slow_path(rows: list[str], place: int) -> list[str]:
    """PATH of section 2.1.1."""
    if len(rows) <= 1:
        return []
    k = split(len(rows))
    if place < k:
        return [*slow_path(rows[:k], place), slow_root(rows[k:]).hex()]
    return [*slow_path(rows[k:], place - k), slow_root(rows[:k]).hex()]


def test_the_roots_of_every_size_are_those_of_the_definition() -> None:
    rows = hashes(70)
    wanted = {n: slow_root(rows[:n]).hex() for n in range(71)}
    assert dict(roots(rows, range(71))) == wanted
    assert wanted[0] == EMPTY
    assert dict(roots(rows, [71, 5, 5])) == {5: wanted[5]}
    assert dict(roots([], [])) == {}


@given(st.integers(1, 70), st.data())
def test_a_proof_is_that_of_the_definition_and_holds(count: int, data: st.DataObject) -> None:
    rows = hashes(count)
    seq = data.draw(st.integers(1, count))
    root = slow_root(rows).hex()
    proof = path(rows, seq)
    assert proof == slow_path(rows, seq - 1)
    assert holds(rows[seq - 1], seq, count, proof, root)


@given(st.integers(1, 40), st.data())
def test_a_proof_of_anything_else_does_not_hold(count: int, data: st.DataObject) -> None:
    rows = hashes(count)
    seq = data.draw(st.integers(1, count))
    other = data.draw(st.integers(1, count).filter(lambda n: n != seq) if count > 1 else st.just(0))
    root, proof = slow_root(rows).hex(), path(rows, seq)
    assert not holds("f" * 64, seq, count, proof, root)
    assert not holds(rows[seq - 1], other, count, proof, root)
    assert not holds(rows[seq - 1], seq, count, [*proof, "0" * 64], root)
    assert not holds(rows[seq - 1], seq, count, proof, "f" * 64)
    assert not proof or not holds(rows[seq - 1], seq, count, proof[:-1], root)


@pytest.mark.parametrize("seq", [0, 4])
def test_there_is_no_proof_of_a_row_outside(seq: int) -> None:
    with pytest.raises(IndexError):
        path(hashes(3), seq)
