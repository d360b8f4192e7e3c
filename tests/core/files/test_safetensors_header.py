"""The header check is at least as strict as the format's own library, and never crashes."""

from __future__ import annotations

import io
import json
import math
import struct
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from assent.core.files.problems import Problem
from assent.core.files.safetensors_header import (
    DTYPE_BITS,
    Header,
    HeaderLimits,
    read_header,
)
from tests.core.files import files_made as made
from tests.core.files.files_made import entry, with_header


def look(data: bytes, limits: HeaderLimits | None = None) -> Header | Problem:
    return read_header(io.BytesIO(data), len(data), limits or HeaderLimits())


def library_takes(data: bytes) -> bool:
    try:
        deserialize(data)
    except SafetensorError:
        return False
    return True


BROKEN = {
    "no name table": with_header(b"[]"),
    "not JSON": with_header(b"{nonsense}"),
    "bad UTF-8": with_header(b'{"\xff\xfe":1}'),
    "half a surrogate pair": with_header(b'{"__metadata__":{"a":"\\ud800"}}'),
    "header longer than the cap": struct.pack("<Q", 2**40) + b"{",
    "same name twice": made.duplicate_names(),
    "notes with the same name twice": with_header(b'{"__metadata__":{"a":"b","a":"c"}}'),
    "overlap": made.overlapping(),
    "gap": with_header({"a": entry(0, 2), "b": entry(4, 6)}, bytes(6)),
    "first tensor not at the start": with_header({"a": entry(1, 2)}, bytes(2)),
    "negative length": with_header({"a": entry(4, 0, shape=[0])}, bytes(4)),
    "unknown number type": with_header({"a": entry(0, 4, "F33")}, bytes(4)),
    "number type is no text": with_header({"a": {**entry(0, 4), "dtype": []}}, bytes(4)),
    "length does not fit the shape": with_header({"a": entry(0, 4, "F32", [2])}, bytes(4)),
    "negative side": with_header({"a": entry(0, 4, shape=[-2, -2])}, bytes(4)),
    "side is a fraction": with_header({"a": entry(0, 4, shape=[4.0])}, bytes(4)),
    "side is true": with_header({"a": entry(0, 1, shape=[True])}, bytes(1)),
    "side is NaN": with_header({"a": entry(0, 4, shape=[math.nan])}, bytes(4)),
    "side beyond 64 bits": with_header({"a": entry(0, 0, shape=[0, 10**25])}),
    "half a byte": with_header({"a": entry(0, 2, "F4", [3])}, bytes(2)),
    "unknown field": with_header({"a": {**entry(0, 4), "more": 1}}, bytes(4)),
    "field missing": with_header({"a": {"dtype": "U8", "shape": [4]}}, bytes(4)),
    "three offsets": with_header({"a": {**entry(0, 4), "data_offsets": [0, 2, 4]}}, bytes(4)),
    "entry is a list": with_header({"a": ["U8", [4], [0, 4]]}, bytes(4)),
    "notes are a list": with_header({"__metadata__": []}),
    "note is a number": with_header({"__metadata__": {"a": 1}}),
    "deep nesting": with_header(b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    "long name": with_header({"a" * 600: entry(0, 1)}, bytes(1)),
    "many dimensions": with_header({"a": entry(0, 1, shape=[1] * 9)}, bytes(1)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_one_thing_wrong_is_refused(data: bytes) -> None:
    found = look(data)
    assert isinstance(found, Problem)
    assert found.code in ("damaged_header", "too_many_tensors")
    assert "lease" in found.sentence


def test_a_sound_lora_is_read() -> None:
    header = look(made.lora())
    assert isinstance(header, Header)
    assert len(header.tensors) == 9
    assert header.metadata == made.KOHYA_NOTES
    assert header.tensors[0].start == header.data_start
    assert header.tensors[-1].end == len(made.lora())


def test_a_cut_off_file_says_how_much_is_missing() -> None:
    data = with_header({"a": entry(0, 2_000_000)}, bytes(2_000_000 - 1_048_576))
    found = look(data)
    assert isinstance(found, Problem)
    assert found.code == "cut_off"
    assert found.sentence == (
        "This file ends 1,048,576 bytes before its own table of contents says it should. "
        "It was probably cut off while uploading: please upload it again."
    )


@pytest.mark.parametrize("kept", [0, 7, 8, 9, 100, 1_200])
def test_cut_off_anywhere(kept: int) -> None:
    found = look(made.lora()[:kept])
    assert isinstance(found, Problem)
    assert found.code == "cut_off"


def test_one_byte_after_the_last_tensor_is_too_many() -> None:
    found = look(made.lora() + b"x")
    assert isinstance(found, Problem)
    assert found.code == "appended_data"
    assert "1 byte after" in found.sentence


def test_more_tensors_than_the_cap() -> None:
    data = with_header({str(index): entry(index, index + 1) for index in range(30)}, bytes(30))
    assert isinstance(look(data), Header)
    found = look(data, HeaderLimits(tensors=20))
    assert isinstance(found, Problem)
    assert found.code == "too_many_tensors"


@pytest.mark.parametrize("filler", [b"[", b"[],", b'"",', b'{"a":', b"1,", b'"\\"'])
def test_a_huge_hostile_header_is_refused_before_it_is_parsed(filler: bytes) -> None:
    data = with_header(b'{"a":[' + filler * (20_000_000 // len(filler)))
    before = time.process_time()
    assert isinstance(look(data), Problem)
    assert time.process_time() - before < 5


def test_every_number_type_of_the_library_is_known() -> None:
    for dtype, bits in DTYPE_BITS.items():
        data = with_header({"a": entry(0, bits, dtype, [8])}, bytes(bits))
        assert library_takes(data), dtype
        assert isinstance(look(data), Header), dtype


arrays = st.builds(
    lambda dtype, shape: np.zeros(shape, dtype),
    st.sampled_from(["float16", "float32", "float64", "int8", "int64", "uint8", "bool"]),
    st.lists(st.integers(0, 4), max_size=4),
)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(
    lambda name: name != "__metadata__"
)


@given(st.dictionaries(names, arrays, max_size=5), st.dictionaries(names, names, max_size=4))
def test_whatever_the_library_writes_is_read_alike(
    tensors: dict[str, np.ndarray], notes: dict[str, str]
) -> None:
    header = look(save(tensors, notes or None))
    assert isinstance(header, Header)
    assert header.metadata == notes
    assert {one.name: one.shape for one in header.tensors} == {
        name: array.shape for name, array in tensors.items()
    }


@given(st.binary(max_size=300))
def test_any_bytes_are_answered_and_never_taken_unless_the_library_does(data: bytes) -> None:
    if isinstance(look(data), Header):
        assert library_takes(data)


@given(st.data())
def test_a_changed_header_is_never_taken_unless_the_library_does(draw: st.DataObject) -> None:
    data = bytearray(made.lora(notes={"ss_output_name": "v"}))
    header_end = 8 + struct.unpack_from("<Q", data)[0]
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, header_end - 1))
        data[at] = draw.draw(st.integers(0, 255))
    if isinstance(look(bytes(data)), Header):
        assert library_takes(bytes(data))


scraps = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**65) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
entries = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["U8", "F16", "F4"]) | scraps,
        "shape": st.lists(st.integers(0, 3), max_size=2) | scraps,
        "data_offsets": st.tuples(st.integers(0, 4), st.integers(0, 4)).map(list) | scraps,
    }
)


@given(st.dictionaries(st.sampled_from(["a", "b", "__metadata__"]), entries | scraps))
def test_made_up_headers_are_never_taken_unless_the_library_does(header: dict[str, object]) -> None:
    data = with_header(json.dumps(header).encode(), bytes(4))
    if isinstance(look(data), Header):
        assert library_takes(data)
