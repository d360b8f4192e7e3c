"""Hashes against their definitions, computed here the slow way."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import deserialize
from safetensors.numpy import save

from assent.core.files import hashes
from assent.core.files.hashes import FileHashes, hash_file
from assent.core.files.safetensors_header import Header, read_header
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
