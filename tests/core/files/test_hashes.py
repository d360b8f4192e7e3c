"""Hashes against their definitions, computed here the slow way."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import TensorSpec, deserialize, serialize
from safetensors.numpy import save

from assent.core.files import hashes
from assent.core.files.hashes import FileHashes, hash_file
from assent.core.files.inspect import examine
from assent.core.files.kohya_hashes import _RANK
from assent.core.files.safetensors_header import DTYPE_BITS, Header, read_header
from tests.core.files import files_made as made


def hashed(data: bytes) -> FileHashes:
    header = read_header(io.BytesIO(data), len(data))
    assert isinstance(header, Header)
    return hash_file(io.BytesIO(data), header)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def slow_tensor_hash(data: bytes) -> str:
    parts = dict(deserialize(data))
    total = b"assent/tensor-hash/1\0" + struct.pack("<Q", len(parts))
    for name in sorted(parts, key=str.encode):
        dtype, shape = parts[name]["dtype"].encode(), parts[name]["shape"]
        total += struct.pack("<Q", len(name.encode())) + name.encode()
        total += struct.pack("<Q", len(dtype)) + dtype
        total += struct.pack("<Q", len(shape)) + b"".join(struct.pack("<Q", side) for side in shape)
        total += sha(b"assent/tensor-bytes/1\0" + bytes(parts[name]["data"]))
    return "t1:" + sha(total).hex()


def test_whole_file_hashes() -> None:
    data = bytes(range(256)) * 5_000
    found = hash_file(io.BytesIO(data))
    assert found.bytes == len(data)
    assert found.sha256 == sha(data).hex()
    assert found.crc32 == f"{zlib.crc32(data):08x}"
    assert found.autov1 == sha(data[0x100000:0x110000]).hex()[:8]
    assert found.autov2 == found.sha256[:10]
    assert found.autov3 is None
    assert found.tensor_hash is None


def test_a_file_below_one_mebibyte_has_no_autov1() -> None:
    assert hashed(made.lora()).autov1 is None


def test_model_hashes_are_as_defined() -> None:
    data = made.lora()
    found = hashed(data)
    start = 8 + struct.unpack_from("<Q", data)[0]
    assert found.autov3 == sha(data[start:]).hex()[:12]
    assert found.tensor_hash == slow_tensor_hash(data)


def test_the_tensor_hash_of_a_known_file_never_changes() -> None:
    data = made.with_header({"b": made.entry(0, 1), "a": made.entry(1, 3)}, b"\1\2\3")
    assert hashed(data).tensor_hash == (
        "t1:33b0cec1b365ed5db9c018431d1c136ef4f4d89293cc71e3551c65e977d85532"
    )


def test_notes_and_order_do_not_matter_to_the_tensor_hash() -> None:
    plain, renoted = hashed(made.lora()), hashed(made.lora(notes={"a": "b"}))
    assert plain.sha256 != renoted.sha256
    assert plain.autov3 == renoted.autov3
    assert plain.tensor_hash == renoted.tensor_hash
    one = made.with_header({"a": made.entry(0, 1), "b": made.entry(1, 2)}, b"\1\2")
    other = made.with_header({"a": made.entry(1, 2), "b": made.entry(0, 1)}, b"\2\1")
    assert hashed(one).tensor_hash == hashed(other).tensor_hash
    assert hashed(one).autov3 != hashed(other).autov3


def test_names_types_shapes_and_every_bit_matter_to_the_tensor_hash() -> None:
    variants = [
        made.with_header({"a": made.entry(0, 4)}, b"\1\2\3\4"),
        made.with_header({"b": made.entry(0, 4)}, b"\1\2\3\4"),
        made.with_header({"a": made.entry(0, 4, "I8")}, b"\1\2\3\4"),
        made.with_header({"a": made.entry(0, 4, shape=[2, 2])}, b"\1\2\3\4"),
        made.with_header({"a": made.entry(0, 4)}, b"\1\2\3\5"),
        made.with_header({"a": made.entry(0, 4), "b": made.entry(4, 4)}, b"\1\2\3\4"),
    ]
    assert len({hashed(data).tensor_hash for data in variants}) == len(variants)


@given(st.integers(1, 700), st.integers(1, 5))
def test_the_size_of_the_chunks_does_not_matter(chunk: int, modules: int) -> None:
    data = save(made.lora_tensors(modules=modules))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashes, "CHUNK_BYTES", chunk)
        found = hashed(data)
    assert found == hashed(data)
    assert found.tensor_hash == slow_tensor_hash(data)


def test_progress_adds_up_to_the_size() -> None:
    steps: list[int] = []
    hash_file(io.BytesIO(bytes(3_000_000)), None, steps.append)
    assert sum(steps) == 3_000_000


def test_a_file_that_shrinks_while_it_is_read_has_no_tensor_hash() -> None:
    data = made.lora()
    header = read_header(io.BytesIO(data), len(data))
    assert isinstance(header, Header)
    assert hash_file(io.BytesIO(data[:-1]), header).tensor_hash is None


def kohya(tensors: dict[str, Any], notes: dict[str, str]) -> tuple[str, str]:
    """Both hashes as kohya's trainer makes them, from what the format's own library writes."""
    raw = save(tensors, {key: text for key, text in notes.items() if key.startswith("ss_")})
    start = 8 + struct.unpack_from("<Q", raw)[0]
    return sha(raw[start:]).hex(), sha(raw[0x100000:0x110000]).hex()[:8]


NOTES = {
    "ss_output_name": 'v\u00e9ra \u2028 \U0001f3a8 \x01\x7f"\\/',
    "ss_tag_frequency": "{}",
    "modelspec.title": "not of the trainer's own notes",
    "sshs_model_hash": "x",
}


NAMES = "aZ_\u00e9"


def assorted(seed: int) -> dict[str, Any]:
    """Some megabytes of tensors of many types and awkward names."""
    dice = np.random.default_rng(seed)
    kinds = ["float16", "float32", "float64", "int8", "uint8", "bool", "int64", "uint16"]
    found: dict[str, Any] = {}
    for number in range(40):
        kind = kinds[int(dice.integers(0, len(kinds)))]
        name = f"{NAMES[number % 4]}{int(dice.integers(0, 1000))}.{number}"
        count = int(dice.integers(0, 90_000))
        found[name] = dice.integers(0, 2, count).astype(kind).reshape(-1, 1)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_kohyas_hashes_are_as_kohya_makes_them(seed: int) -> None:
    tensors = assorted(seed)
    found = hashed(save(tensors, NOTES))
    assert (found.sshs_model_hash, found.sshs_legacy_hash) == kohya(tensors, NOTES)


CLAIM = {"sshs_model_hash": "x"}


@pytest.mark.parametrize("notes", [NOTES, CLAIM, {"modelspec.title": "x"} | CLAIM, {}])
def test_kohyas_hashes_of_a_file_in_another_order(notes: dict[str, str]) -> None:
    """A writer of one's own: tensors in the order of a dice, other notes, odd spaces."""
    tensors = assorted(9)
    names = list(tensors)
    np.random.default_rng(5).shuffle(names)
    table: dict[str, Any] = {"__metadata__": notes} if notes else {}
    parts = dict(deserialize(save(tensors)))
    data = b""
    for name in names:
        raw = bytes(parts[name]["data"])
        table[name] = made.entry(
            len(data), len(data) + len(raw), parts[name]["dtype"], parts[name]["shape"]
        )
        data += raw
    found = hashed(made.with_header(table, data))
    whole, early = kohya(tensors, notes)
    assert found.sshs_legacy_hash == early
    assert found.sshs_model_hash == (whole if notes else None)
    assert found.autov3 != whole[:12]


def test_kohyas_old_hash_says_nothing_of_a_small_model_or_of_long_notes() -> None:
    assert hashed(made.lora()).sshs_legacy_hash is None
    assert hashed(save(assorted(1), {"ss_x": "y" * 1_100_000})).sshs_legacy_hash is None


LIBRARY_NAMES = {
    "BOOL": "bool", "F4": "float4_e2m1fn_x2", "U8": "uint8", "I8": "int8",
    "F8_E5M2": "float8_e5m2", "F8_E4M3": "float8_e4m3fn", "F8_E8M0": "float8_e8m0fnu",
    "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2FNUZ": "float8_e5m2fnuz", "I16": "int16",
    "U16": "uint16", "F16": "float16", "BF16": "bfloat16", "I32": "int32", "U32": "uint32",
    "F32": "float32", "C64": "complex64", "F64": "float64", "I64": "int64", "U64": "uint64",
}  # fmt: skip


def test_the_order_of_number_types_is_the_librarys() -> None:
    """Of all but two that its Python side cannot write (F6)."""
    dice = np.random.default_rng(3)
    data = {dtype: dice.bytes(DTYPE_BITS[dtype] * 2) for dtype in LIBRARY_NAMES}
    kept = {dtype: np.frombuffer(raw, np.uint8) for dtype, raw in data.items()}
    specs = {
        dtype: TensorSpec(
            dtype=LIBRARY_NAMES[dtype],
            shape=[8] if dtype == "F4" else [16],
            data_ptr=kept[dtype].ctypes.data,
            data_len=len(data[dtype]),
        )
        for dtype in reversed(LIBRARY_NAMES)
    }
    raw = bytes(serialize(specs, {}))
    written = list(json.loads(raw[8 : 8 + struct.unpack_from("<Q", raw)[0]]))[1:]
    ours = sorted(LIBRARY_NAMES, key=lambda dtype: _RANK[dtype])
    assert written == ours


def test_what_a_file_claims_of_itself_is_checked() -> None:
    tensors = made.lora_tensors()
    model, _ = kohya(tensors, {})
    notes = {"sshs_model_hash": model, "modelspec.hash_sha256": "0x" + model}
    data = save(tensors, notes)
    facts = examine(io.BytesIO(data), "a", len(data))
    assert facts.claims() == {"sshs_model_hash": True, "modelspec.hash_sha256": True}
    edited = save(made.lora_tensors(seed=2), notes | {"sshs_legacy_hash": "0"})
    facts = examine(io.BytesIO(edited), "a", len(edited))
    assert facts.claims() == {"sshs_model_hash": False, "modelspec.hash_sha256": False}


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025, 2048, 3073, 70_000])
def test_blake3_against_a_plain_one(size: int) -> None:
    data = (bytes(range(251)) * (size // 251 + 1))[:size]
    assert hash_file(io.BytesIO(data)).blake3 == slow_blake3(data).hex()


@pytest.mark.parametrize("data", [b"", b"123456789", bytes(range(256)) * 9])
def test_crc32_bit_by_bit(data: bytes) -> None:
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0xEDB88320 if rest & 1 else 0)
    assert hash_file(io.BytesIO(data)).crc32 == f"{rest ^ 0xFFFFFFFF:08x}"


# BLAKE3 as its paper defines it (section 2), one word at a time ---------------------------------

_IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
       0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)  # fmt: skip
_MIX = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
_CHUNK_START, _CHUNK_END, _PARENT, _ROOT = 1, 2, 4, 8


def _rounds(
    chain: tuple[int, ...], block: bytes, counter: int, length: int, flags: int
) -> list[int]:
    words = list(struct.unpack("<16I", block.ljust(64, b"\0")))
    v = [*chain, *_IV[:4], counter & 0xFFFFFFFF, counter >> 32, length, flags]

    def turn(word: int, by: int) -> int:
        return (word >> by | word << (32 - by)) & 0xFFFFFFFF

    def quarter(a: int, b: int, c: int, d: int, x: int, y: int) -> None:
        for word, first, second in ((x, 16, 12), (y, 8, 7)):
            v[a] = (v[a] + v[b] + word) & 0xFFFFFFFF
            v[d] = turn(v[d] ^ v[a], first)
            v[c] = (v[c] + v[d]) & 0xFFFFFFFF
            v[b] = turn(v[b] ^ v[c], second)

    lanes = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]
    lanes += [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
    for _ in range(7):
        for place, lane in enumerate(lanes):
            quarter(*lane, words[2 * place], words[2 * place + 1])
        words = [words[i] for i in _MIX]
    return [v[i] ^ v[i + 8] for i in range(8)]


def _node(data: bytes, chunk: int, root: bool) -> tuple[int, ...]:
    """The chaining value of a subtree whose first chunk has this number."""
    if len(data) <= 1024:
        chain: tuple[int, ...] = _IV
        blocks = [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
        for place, block in enumerate(blocks):
            flags = _CHUNK_START * (place == 0)
            if place == len(blocks) - 1:
                flags |= _CHUNK_END | (_ROOT if root else 0)
            chain = tuple(_rounds(chain, block, chunk, len(block), flags))
        return chain
    left = 1024
    while left * 2 < len(data):
        left *= 2
    halves = _node(data[:left], chunk, False) + _node(data[left:], chunk + left // 1024, False)
    flags = _PARENT | (_ROOT if root else 0)
    return tuple(_rounds(_IV, struct.pack("<16I", *halves), 0, 64, flags))


def slow_blake3(data: bytes) -> bytes:
    return struct.pack("<8I", *_node(data, 0, True))
