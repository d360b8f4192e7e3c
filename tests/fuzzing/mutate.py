"""Ways to damage a file that keep enough of its structure to get past the first check.

Every one is a function of a dice: the same dice gives the same damage.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

Dice = np.random.Generator
_EDGES = [0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**24, 2**31 - 1, 2**31]
_EDGES += [2**32 - 1, 2**32, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1]
_TEXTS = ["", "\0", "\ud800", "a" * 5_000, "\u202e", "1e999", "../../x", "__metadata__", "é" * 300]
_NUMBERS = [*_EDGES, -1, -(2**63), 0.5, 1e308, float("inf"), float("nan"), True, None, 10**30]


def pick(dice: Dice, things: list[Any]) -> Any:
    """One of them."""
    return things[int(dice.integers(0, len(things)))]


def damaged(content: bytes, dice: Dice, other: bytes = b"") -> bytes:
    """Turn bits, cut, repeat, insert, write edge numbers, splice; often near the start."""
    data = bytearray(content)
    for _ in range(int(dice.integers(1, 6))):
        reach = len(data) if dice.random() < 0.5 else min(len(data), 512)
        at, to = sorted(int(x) for x in dice.integers(0, max(1, reach + 1), 2))
        match int(dice.integers(0, 7)):
            case 0 if data:
                data[at % len(data)] ^= 1 << int(dice.integers(0, 8))
            case 1:
                del data[at : min(to, at + 4_096)]
            case 2:
                data[at:at] = data[at : min(to, at + 512)]
            case 3:
                data[at:at] = dice.bytes(int(dice.integers(1, 64)))
            case 4:
                width = pick(dice, [1, 2, 4, 8])
                order = pick(dice, ["little", "big"])
                value = (pick(dice, _EDGES) + int(dice.integers(-2, 3))) % (1 << 8 * width)
                data[at : at + width] = value.to_bytes(width, order)
            case 5 if other:
                start = int(dice.integers(0, len(other)))
                data[at:to] = other[start : start + int(dice.integers(1, 2_048))]
            case _:
                data[at:to] = bytes([int(dice.integers(0, 256))]) * (to - at)
    return bytes(data[:2_000_000])


def text(dice: Dice, words: list[str]) -> str:
    """Words of a grammar in any order, some of them repeated very often."""
    parts = []
    for _ in range(int(dice.integers(1, 30))):
        word = pick(dice, words) if dice.random() < 0.9 else pick(dice, _TEXTS)
        parts.append(word * (int(dice.integers(1, 3_000)) if dice.random() < 0.03 else 1))
    return "".join(parts)[:300_000]


def tree(value: Any, dice: Dice, depth: int = 0) -> Any:
    """JSON with some nodes replaced, nested, multiplied or taken away."""
    roll = dice.random()
    if roll < 0.06:
        return pick(dice, _NUMBERS) if dice.random() < 0.6 else pick(dice, _TEXTS)
    if roll < 0.08 and depth < 6:
        return [value] * int(dice.integers(0, 40))
    if isinstance(value, dict):
        return {
            (k if dice.random() < 0.97 else pick(dice, _TEXTS)): tree(v, dice, depth + 1)
            for k, v in value.items()
            if dice.random() < 0.97
        }
    if isinstance(value, list):
        return [tree(one, dice, depth + 1) for one in value if dice.random() < 0.97]
    if isinstance(value, int) and not isinstance(value, bool) and dice.random() < 0.1:
        return value + int(dice.integers(-3, 4))
    return value


def written(value: Any, dice: Dice) -> bytes:
    """JSON, in one of the ways that a program could write it; sometimes a key twice."""
    spaces = pick(dice, [(",", ":"), (", ", ": "), (" ,\n", " :\t")])
    raw = json.dumps(value, ensure_ascii=bool(dice.random() < 0.5), separators=spaces)
    data = raw.encode("utf-8", "surrogatepass")
    if dice.random() < 0.1 and data.startswith(b"{") and b"," in data:
        first = data[1 : data.index(b",") + 1]
        data = b"{" + first + data[1:]
    return data


def model(content: bytes, dice: Dice, other: bytes = b"") -> bytes:
    """A safetensors file with a changed table of contents, most of the time of the right length,
    and tensors of other shapes and types of as many bytes."""
    length = struct.unpack_from("<Q", content)[0]
    try:
        table = json.loads(content[8 : 8 + length])
    except ValueError:
        return damaged(content, dice, other)
    if dice.random() < 0.6:
        for name in [n for n in table if n != "__metadata__" and dice.random() < 0.4]:
            _reshape(table[name], dice)
    names = [n for n in table if n != "__metadata__"]
    if dice.random() < 0.3 and len(names) > 1:
        a, b = (str(x) for x in dice.choice(names, 2, replace=False))
        table[a], table[b] = table[b], table[a]
    raw = written(tree(table, dice) if dice.random() < 0.5 else table, dice)
    size = len(raw) if dice.random() < 0.95 else pick(dice, _EDGES) % 2**64
    data = content[8 + length :]
    if dice.random() < 0.3:
        data = np.frombuffer(data, np.uint8) ^ np.uint8(dice.integers(0, 256))
        data = data.tobytes()
    return struct.pack("<Q", size) + raw + data


_WIDTHS = {"F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "F64": 8, "I32": 4, "BOOL": 1}


def _reshape(entry: Any, dice: Dice) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("data_offsets"), list):
        return
    size = entry["data_offsets"][1] - entry["data_offsets"][0]
    dtype = pick(dice, list(_WIDTHS))
    count, rest = divmod(size, _WIDTHS[dtype])
    if rest:
        return
    shape = [count]
    for _ in range(int(dice.integers(0, 4))):
        split = pick(dice, [1, 2, 3, 4, 6, 9, 36])
        if shape[0] % split == 0:
            shape = [shape[0] // split, *shape[1:], split]
    entry["dtype"], entry["shape"] = dtype, shape


# Pictures: parts are taken out, changed, put back and given sound lengths and sums -------------

Parts = list[tuple[bytes, bytes]]


def _shuffled(parts: Parts, dice: Dice, change: Callable[[bytes], bytes]) -> Parts:
    out: Parts = []
    for name, body in parts:
        roll = dice.random()
        if roll < 0.05:
            continue
        changed = change(body) if roll < 0.4 else body
        out.append((name if roll < 0.97 else bytes(dice.bytes(len(name))), changed))
        if roll > 0.95:
            out.extend([(name, changed)] * int(dice.integers(1, 6)))
    if dice.random() < 0.1 and len(out) > 2:
        a, b = (int(x) for x in dice.integers(0, len(out), 2))
        out[a], out[b] = out[b], out[a]
    return out


def png(content: bytes, dice: Dice, other: bytes = b"") -> bytes:
    """A PNG with changed chunks, their sums right."""
    parts, at = [], 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        parts.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + length]))
        at += 12 + length
    out = [content[:8]]
    for name, body in _shuffled(parts, dice, lambda b: damaged(b, dice, other)):
        crc = zlib.crc32(name + body) if dice.random() < 0.97 else 0
        length = len(body) if dice.random() < 0.98 else int(dice.integers(0, 2**32))
        out.append(struct.pack(">I", length) + name + body + struct.pack(">I", crc))
    return b"".join(out)


def jpeg(content: bytes, dice: Dice, other: bytes = b"") -> bytes:
    """A JPEG with changed segments, their lengths right."""
    parts, at = [], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        parts.append((content[at : at + 2], content[at + 4 : at + 2 + length]))
        at += 2 + length
    rest = content[at:] if dice.random() < 0.8 else damaged(content[at:], dice, other)
    out = [content[:2]]
    for name, body in _shuffled(parts, dice, lambda b: damaged(b, dice, other)):
        length = 2 + len(body) if dice.random() < 0.98 else int(dice.integers(0, 65_536))
        out.append(name + struct.pack(">H", length & 0xFFFF) + body[:65_533])
    return b"".join([*out, rest])


def webp(content: bytes, dice: Dice, other: bytes = b"") -> bytes:
    """A WebP with changed chunks, sizes right."""
    parts, at = [], 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        parts.append((content[at : at + 4], content[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    inside = b"WEBP"
    for name, body in _shuffled(parts, dice, lambda b: damaged(b, dice, other)):
        length = len(body) if dice.random() < 0.98 else int(dice.integers(0, 2**32))
        inside += name + struct.pack("<I", length) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside
