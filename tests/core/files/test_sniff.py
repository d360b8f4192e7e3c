"""A file is what its content says."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.files.formats import Format
from assent.core.files.sniff import sniff
from tests.core.files import files_made as made

SAMPLES = [
    (made.lora(), Format.SAFETENSORS),
    (made.lora()[:40], Format.SAFETENSORS),
    (made.zipped(), Format.ZIP),
    (made.zipped("archive/data.pkl"), Format.TORCH_ZIP),
    *((made.harmless_pickle(protocol), Format.PICKLE) for protocol in range(6)),
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", Format.PICKLE),
    (b"cbuiltins\nprint\n(S'hello'\ntR", Format.PICKLE),
    (b"GGUF\x03\0\0\0", Format.GGUF),
    (b"\x08\x08\x12\x07pytorch\x1a", Format.ONNX),
    (b"\x89HDF\r\n\x1a\n", Format.HDF5),
    (made.picture("PNG"), Format.PNG),
    (made.picture("JPEG"), Format.JPEG),
    (made.picture("WEBP"), Format.WEBP),
    (made.moving("GIF"), Format.GIF),
    (b"\0\0\0\x20ftypisom", Format.MP4),
    (b"\0\0\0\x20ftypavif", Format.HEIF),
    (b"\x1aE\xdf\xa3", Format.WEBM),
    (b"%PDF-1.7\n", Format.PDF),
    (b"\xef\xbb\xbf  <!DOCTYPE html><p>", Format.HTML),
    (b'<?xml version="1.0"?>\n<svg xmlns="x">', Format.SVG),
    (b"7z\xbc\xaf\x27\x1c", Format.SEVEN_ZIP),
    (b"Rar!\x1a\x07\x01\0", Format.RAR),
    (b"\x1f\x8b\x08", Format.GZIP),
    (bytes(257) + b"ustar\0", Format.TAR),
    (b"\x7fELF", Format.PROGRAM),
    (b"", Format.EMPTY),
    (b"just some words about a picture", Format.UNKNOWN),
    (b"N. is a name that begins like a pickle", Format.UNKNOWN),
    (bytes(100), Format.UNKNOWN),
]


@pytest.mark.parametrize(("data", "kind"), SAMPLES, ids=lambda value: str(value)[:24])
def test_each_kind_is_told_by_its_content(data: bytes, kind: Format) -> None:
    assert sniff(io.BytesIO(data), len(data)) is kind


def test_kinds_that_are_not_taken_say_why_and_what_to_do() -> None:
    taken = {Format.SAFETENSORS, Format.PNG, Format.JPEG, Format.WEBP}
    for kind in Format:
        assert bool(kind.refusal) == (kind not in taken), kind
        assert not kind.refusal or "lease" in kind.refusal, kind


@given(st.binary(max_size=600))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert isinstance(sniff(io.BytesIO(data), len(data)), Format)


@given(st.sampled_from([data for data, _ in SAMPLES]), st.binary(max_size=40))
def test_what_follows_the_signature_never_raises(data: bytes, rest: bytes) -> None:
    mixed = data[:20] + rest
    assert isinstance(sniff(io.BytesIO(mixed), len(mixed)), Format)
