"""The Merkle tree over the journal: one hash for all rows, and short proofs that a row is in it.

The tree is that of RFC 6962, section 2.1: a leaf is SHA-256 of a zero byte and the row's hash (32
bytes), a node SHA-256 of a one byte and its two children; the left subtree is the largest full one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

EMPTY = hashlib.sha256(b"").hexdigest()


def leaf(row_hash: str) -> bytes:
    """Return the leaf of a row, whose hash is given in hexadecimal."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(row_hash)).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _folded(peaks: Sequence[tuple[int, bytes]]) -> str:
    if not peaks:
        return EMPTY
    whole = peaks[-1][1]
    for _, peak in reversed(peaks[:-1]):
        whole = node(peak, whole)
    return whole.hex()


def roots(hashes: Iterable[str], sizes: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield (size, root in hexadecimal) of the tree over the first `size` rows, sizes ascending.

    One pass over the row hashes, with as many hashes in memory as the size has binary digits. A
    size beyond the last row yields nothing.
    """
    wanted = sorted(set(sizes))
    peaks: list[tuple[int, bytes]] = []
    if wanted and wanted[0] == 0:
        yield wanted.pop(0), EMPTY
    for count, row_hash in enumerate(hashes if wanted else (), 1):
        _grow(peaks, leaf(row_hash))
        if count == wanted[0]:
            yield wanted.pop(0), _folded(peaks)
            if not wanted:
                return


def _grow(peaks: list[tuple[int, bytes]], new: bytes) -> None:
    width = 1
    while peaks and peaks[-1][0] == width:
        new, width = node(peaks.pop()[1], new), width * 2
    peaks.append((width, new))


def path(hashes: Sequence[str], seq: int) -> list[str]:
    """Return what proves that row `seq` (from 1) is in the tree over `hashes`: the sibling at each
    level, from the leaf up. Source: RFC 6962, section 2.1.1."""
    level, place, found = [leaf(one) for one in hashes], seq - 1, []
    if not 0 <= place < len(level):
        raise IndexError(f"there is no row {seq} among {len(level)}")
    while len(level) > 1:
        if place ^ 1 < len(level):
            found.append(level[place ^ 1].hex())
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
        place //= 2
    return found


def holds(row_hash: str, seq: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof leads from row `seq` (from 1) to the root of a tree over `size` rows.
    Source: RFC 9162, section 2.1.3.2."""
    place, last, siblings = seq - 1, size - 1, list(proof)
    if not 0 <= place <= last:
        return False
    whole = leaf(row_hash)
    while last:
        if place % 2 or place < last:
            if not siblings:
                return False
            beside = bytes.fromhex(siblings.pop(0))
            whole = node(beside, whole) if place % 2 else node(whole, beside)
        place, last = place // 2, last // 2
    return not siblings and whole.hex() == root


def extension(hashes: Sequence[str], old: int) -> list[str]:
    """Return what proves that the tree over `hashes` extends the one over the first `old` of them:
    nothing of those was changed, taken out or moved. Source: RFC 6962, section 2.1.2."""
    if not 0 <= old <= len(hashes):
        raise IndexError(f"there is no tree of {old} rows among {len(hashes)}")
    return _sub_proof(hashes, old, is_old=True) if old else []


def _sub_proof(hashes: Sequence[str], old: int, *, is_old: bool) -> list[str]:
    if old == len(hashes):
        return [] if is_old else [_root(hashes)]
    left = 1 << (len(hashes) - 1).bit_length() - 1  # the largest power of two below the length
    if old <= left:
        return [*_sub_proof(hashes[:left], old, is_old=is_old), _root(hashes[left:])]
    return [*_sub_proof(hashes[left:], old - left, is_old=False), _root(hashes[:left])]


def _root(hashes: Sequence[str]) -> str:
    return dict(roots(hashes, [len(hashes)]))[len(hashes)]


def extends(old: int, old_root: str, size: int, root: str, proof: Sequence[str]) -> bool:
    """Whether the proof shows that the tree of `size` rows and `root` begins with the tree of `old`
    rows and `old_root`. Source: RFC 9162, section 2.1.4.2."""
    if old == size or not old:
        return not proof and (old < size or old_root == root) and (bool(old) or old_root == EMPTY)
    steps = [bytes.fromhex(one) for one in proof]
    if old > size or not steps:
        return False
    if old & (old - 1) == 0:
        steps.insert(0, bytes.fromhex(old_root))
    place, last = old - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    before = after = steps.pop(0)
    for beside in steps:
        if not last:
            return False
        if place % 2 or place == last:
            before, after = node(beside, before), node(beside, after)
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            after = node(after, beside)
        place, last = place // 2, last // 2
    return not last and before.hex() == old_root and after.hex() == root
