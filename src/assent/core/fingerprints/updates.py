"""The weight updates in a file: tensors grouped by the module that they change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assent.core.files.safetensors_header import Header, Tensor
from assent.core.fingerprints.architectures import Size, recognise
from assent.core.fingerprints.names import Piece, part_of, pieces_of
from assent.core.fingerprints.numbers import READABLE

_DIM_MAX = 1 << 17
Parts = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Update:
    """One update: its tensors by part, and rows and columns of the dense matrix that it is.

    `rank` is what alpha is divided by; None where the scheme has no alpha.
    """

    stem: str
    kind: str
    parts: Parts
    rows: int
    columns: int
    rank: int | None
    slices: tuple[tuple[str, int, int], ...]

    @property
    def dora(self) -> bool:
        """Whether a magnitude is stored beside the update; it is left out of the fingerprint."""
        return "dora" in self.parts


@dataclass(frozen=True, slots=True)
class Updates:
    """What a file changes: the updates that count, the base model that they fit, and how many
    canonical modules there were and what was left out, by reason."""

    updates: tuple[Update, ...]
    family: str | None
    modules: int
    left_out: Mapping[str, int]


def updates_of(header: Header) -> Updates:
    """Group a sound header's tensors into updates; never raises."""
    left_out: Counter[str] = Counter()
    grouped: dict[str, dict[str, Tensor]] = {}
    for tensor in header.tensors:
        part = part_of(tensor.name)
        if part is None:
            left_out["unknown_name"] += 1
        else:
            grouped.setdefault(part.stem, {})[part.part] = tensor
    found = [_update(stem, parts, left_out) for stem, parts in grouped.items()]
    sound = [update for update in found if update is not None]
    twice = Counter(name for update in sound for name, _, _ in update.slices)
    left_out["named_twice"] += sum(count - 1 for count in twice.values())
    once = [u for u in sound if all(twice[name] == 1 for name, _, _ in u.slices)]
    sizes = {n: (end - start, u.columns) for u in once for n, start, end in u.slices}
    family, counting = recognise(sizes)
    left_out["not_in_the_base_model"] += len(sizes) - len(counting)
    kept = tuple(slim for u in once if (slim := _only(u, counting)).slices)
    return Updates(kept, family, len(counting), {k: v for k, v in left_out.items() if v})


def _only(update: Update, counting: object) -> Update:
    assert hasattr(counting, "__contains__")
    slices = tuple(one for one in update.slices if one[0] in counting)
    if len(slices) == len(update.slices):
        return update
    return Update(
        update.stem,
        update.kind,
        update.parts,
        update.rows,
        update.columns,
        update.rank,
        slices,
    )


def _update(stem: str, parts: Parts, left_out: Counter[str]) -> Update | None:
    kind = _kind(parts)
    if kind is None:
        left_out["half_missing"] += 1
        return None
    if any(t.dtype not in READABLE for name, t in parts.items() if name not in ("alpha", "dora")):
        left_out["number_type"] += 1
        return None
    size, rank = _SIZES[kind](parts)
    if size is None or not _sane(size, rank):
        left_out["wrong_shape"] += 1
        return None
    slices = _slices(pieces_of(stem), size[0])
    return Update(stem, kind, parts, size[0], size[1], rank, slices)


def _sane(size: Size, rank: int | None) -> bool:
    small = min(size)
    return small > 0 and max(size) <= _DIM_MAX and (rank is None or 0 < rank <= 4 * small)


def _slices(pieces: tuple[Piece, ...], rows: int) -> tuple[tuple[str, int, int], ...]:
    total = sum(piece.share for piece in pieces)
    if rows % total:  # not the fused matrix that its name promises
        return ((pieces[0].name, 0, rows),)
    found, at = [], 0
    for piece in pieces:
        end = at + rows // total * piece.share
        found.append((piece.name, at, end))
        at = end
    return tuple(found)


def _kind(parts: Parts) -> str | None:
    if "down" in parts and "up" in parts:
        return "lora"
    if all(f"hada_w{i}_{half}" in parts for i in "12" for half in "ab"):
        return "loha"
    if all(f"lokr_w{i}" in parts or f"lokr_w{i}_a" in parts for i in "12"):
        return "lokr"
    return "diff" if "diff" in parts else None


Sized = tuple[Size | None, int | None]


def _lora_size(parts: Parts) -> Sized:
    down, up, mid = parts["down"].shape, parts["up"].shape, parts.get("mid")
    if len(down) < 2 or len(up) < 2 or math.prod(up[2:]) != 1:
        return None, None
    rank = down[0]
    kernel = math.prod(down[2:])
    if mid is not None:
        if len(mid.shape) < 3 or mid.shape[1] != rank or kernel != 1:
            return None, None
        kernel, rank = math.prod(mid.shape[2:]), mid.shape[0]
    if up[1] != rank:
        return None, None
    return (up[0], down[1] * kernel), down[0]


def _loha_size(parts: Parts) -> Sized:
    a, b = parts["hada_w1_a"].shape, parts["hada_w1_b"].shape
    c, d = parts["hada_w2_a"].shape, parts["hada_w2_b"].shape
    if any(len(s) != 2 for s in (a, b, c, d)):
        return None, None
    if "hada_t1" in parts and "hada_t2" in parts:
        first, second = parts["hada_t1"].shape, parts["hada_t2"].shape
        if len(first) < 3 or first[:2] != (a[0], b[0]) or second[:2] != (c[0], d[0]):
            return None, None
        if first[2:] != second[2:] or a[1] != c[1] or b[1] != d[1]:
            return None, None
        return (a[1], b[1] * math.prod(first[2:])), b[0]
    if a[1] != b[0] or c[1] != d[0] or a[0] != c[0] or b[1] != d[1]:
        return None, None
    return (a[0], b[1]), b[0]


def _lokr_size(parts: Parts) -> Sized:
    first, second = _lokr_factor(parts, "lokr_w1"), _lokr_factor(parts, "lokr_w2")
    if first is None or second is None:
        return None, None
    ranked = parts.get("lokr_w2_b") or parts.get("lokr_w1_b")
    return (first[0] * second[0], first[1] * second[1]), ranked.shape[0] if ranked else None


def _lokr_factor(parts: Parts, name: str) -> Size | None:
    whole = parts.get(name)
    if whole is not None:
        return (whole.shape[0], math.prod(whole.shape[1:])) if len(whole.shape) >= 2 else None
    left, right = parts[f"{name}_a"].shape, parts[f"{name}_b"].shape if f"{name}_b" in parts else ()
    core = parts.get("lokr_t2") if name == "lokr_w2" else None
    if len(left) != 2 or len(right) < 2:
        return None
    if core is not None:
        ok = len(core.shape) >= 3 and core.shape[:2] == (left[0], right[0]) and len(right) == 2
        return (left[1], right[1] * math.prod(core.shape[2:])) if ok else None
    return (left[0], math.prod(right[1:])) if left[1] == right[0] else None


def _diff_size(parts: Parts) -> Sized:
    shape = parts["diff"].shape
    return ((shape[0], math.prod(shape[1:])) if len(shape) >= 2 else None), None


_SIZES = {"lora": _lora_size, "loha": _loha_size, "lokr": _lokr_size, "diff": _diff_size}
