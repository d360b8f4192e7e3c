"""Damaged and hostile files: a problem or a result, never a crash, in bounded time."""

from __future__ import annotations

import io
import json
import struct

import numpy as np
import pytest

from assent.core.fingerprints.look import Look, look_at
from tests.core.files import files_made as made
from tests.core.fingerprints.prints import kinds, saved
from tests.core.fingerprints.test_pictures import WAYS

SEEDS = [
    *(saved(tensors) for tensors in kinds().values()),
    made.lora(),
    made.lora_hiding_zip(),
    made.zipped(),
    *(made.harmless_pickle(protocol) for protocol in range(6)),
    *(content for content in WAYS.values()),
    made.moving(),
    made.moving("GIF"),
    made.huge_png(),
]


def damaged(content: bytes, dice: np.random.Generator) -> bytes:
    """Turn bits, cut, repeat or insert; half of the time near the start, where formats live."""
    data = bytearray(content)
    for _ in range(int(dice.integers(1, 6))):
        reach = len(data) if dice.random() < 0.5 else min(len(data), 4096)
        at, to = sorted(int(x) for x in dice.integers(0, max(1, reach), 2))
        match int(dice.integers(0, 5)):
            case 0 if data:
                data[at % len(data)] ^= 1 << int(dice.integers(0, 8))
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = data[at : min(to, at + 512)]
            case 3:
                data[at:at] = dice.bytes(int(dice.integers(1, 64)))
            case _:
                data[at : at + 8] = struct.pack("<q", int(dice.integers(-(2**62), 2**62)))
    return bytes(data)


def reshaped(content: bytes, dice: np.random.Generator) -> bytes:
    """Keep a header sound and lie in it: other shapes and types of as many bytes, swapped names."""
    length = struct.unpack_from("<Q", content)[0]
    table = json.loads(content[8 : 8 + length])
    names = [name for name in table if name != "__metadata__"]
    for name in names:
        entry = table[name]
        size = entry["data_offsets"][1] - entry["data_offsets"][0]
        width, dtype = [
            (4, "F32"),
            (2, "F16"),
            (2, "BF16"),
            (1, "F8_E4M3"),
            (8, "F64"),
            (4, "I32"),
        ][int(dice.integers(0, 6))]
        if dice.random() < 0.4 and size % width == 0:
            count = size // width
            split = int(dice.integers(1, 9))
            shape = [count // split, split] if count % split == 0 else [count]
            entry["dtype"], entry["shape"] = dtype, shape
    if dice.random() < 0.3 and len(names) > 1:
        a, b = dice.choice(names, 2, replace=False)
        table[a], table[b] = table[b], table[a]
    raw = json.dumps(table).encode()
    return struct.pack("<Q", len(raw)) + raw + content[8 + length :]


def look(content: bytes) -> Look:
    return look_at(io.BytesIO(content), "upload.safetensors", len(content))


def attempt(turn: int) -> None:
    dice = np.random.default_rng([7, turn])
    content = SEEDS[turn % len(SEEDS)]
    if turn % len(SEEDS) < len(kinds()) and turn % 3:
        content = reshaped(content, dice)
    else:
        content = damaged(content, dice)
    found = look(content)
    json.dumps(found.as_record(), allow_nan=False)


@pytest.mark.parametrize("turn", [51265, 51444, 51561, 51703])
def test_what_was_found_once(turn: int) -> None:
    """Finite numbers whose squares are not."""
    attempt(turn)


@pytest.mark.parametrize("part", range(4))
def test_a_few_hundred_damaged_files(part: int) -> None:
    for turn in range(part * 100, part * 100 + 100):
        attempt(turn)
