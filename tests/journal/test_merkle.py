"""The Merkle tree against the definition in RFC 6962, written down as it stands there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.journal.merkle import EMPTY, extends, extension, holds, leaf, path, roots


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


def test_each_tree_is_shown_to_extend_every_smaller_one() -> None:
    rows = hashes(40)
    of = {n: slow_root(rows[:n]).hex() for n in range(41)}
    for size in range(1, 41):
        for old in range(size + 1):
            proof = extension(rows[:size], old)
            assert extends(old, of[old], size, of[size], proof), (old, size)
            # At most one hash a level, and the node to begin with.
            assert len(proof) <= size.bit_length() + 1


@given(st.integers(2, 40), st.data())
def test_no_proof_shows_what_was_rewritten(size: int, data: st.DataObject) -> None:
    rows = hashes(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    planted = [*rows]
    planted[changed] = "f" * 64
    before, after = slow_root(rows[:old]).hex(), slow_root(planted).hex()
    assert not extends(old, before, size, after, extension(planted, old))
    assert not extends(old, before, size, after, extension(rows, old))
    # A row taken out: the tree is one shorter, and does not begin with the old one either.
    cut = rows[:changed] + rows[changed + 1 :]
    if len(cut) >= old:
        shorter = slow_root(cut).hex()
        assert not extends(old, before, len(cut), shorter, extension(cut, old))


@given(st.integers(2, 40), st.data())
def test_a_proof_that_was_tampered_with_shows_nothing(size: int, data: st.DataObject) -> None:
    rows = hashes(size)
    old = data.draw(st.integers(1, size - 1))
    before, after = slow_root(rows[:old]).hex(), slow_root(rows).hex()
    proof = extension(rows, old)
    place = data.draw(st.integers(0, len(proof) - 1))
    assert not extends(old, before, size, after, [*proof, "0" * 64])
    assert not extends(old, before, size, after, proof[:-1])
    assert not extends(old, before, size, after, [*proof[:place], "f" * 64, *proof[place + 1 :]])
    assert not extends(size, after, old, before, proof)


def test_an_empty_tree_is_extended_by_all_and_a_longer_one_by_none() -> None:
    rows = hashes(3)
    whole = slow_root(rows).hex()
    assert extends(0, EMPTY, 3, whole, [])
    assert not extends(0, whole, 3, whole, [])
    assert extends(3, whole, 3, whole, [])
    assert not extends(3, whole, 3, EMPTY, [])
    with pytest.raises(IndexError):
        extension(rows, 4)
