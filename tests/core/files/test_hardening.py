"""Files that are two things, that grow when opened, or that hold files: refused, and cheaply."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pytest

from assent.core.files.inspect import Accept, check_quickly, examine
from assent.core.files.problems import Problem
from tests.core.files import files_made as made
from tests.core.files.files_made import entry, png_chunk, with_header

ROOT = Path(__file__).resolve().parents[3]


def codes(data: bytes) -> list[str]:
    return [one.code for one in examine(io.BytesIO(data), "a", len(data)).problems]


def model_of(*parts: bytes) -> bytes:
    """A sound safetensors file whose tensors are these bytes."""
    table, at = {}, 0
    for number, part in enumerate(parts):
        table[str(number)] = entry(at, at + len(part))
        at += len(part)
    return with_header(table, b"".join(parts))


def png_with(name: bytes, body: bytes) -> bytes:
    """A sound PNG with one more chunk, in front of its pixels."""
    whole = made.picture("PNG")
    return whole[:33] + png_chunk(name, body) + whole[33:]


def at_place(mark: bytes, place: int, whole: bytes = b"") -> bytes:
    """A sound PNG with a mark at exactly this place of the file."""
    start = 33 + 8
    return png_with(b"teXt", bytes(place - start) + mark + bytes(64))


SEVEN_ZIP, RAR4, RAR5 = b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\7\0", b"Rar!\x1a\7\1\0"
SECOND = {
    "zip behind a picture's chunk": png_with(b"teXt", b"") [:-12]
    + png_chunk(b"teXt", made.zipped())
    + made.picture("PNG")[-12:],
    "zip as the last tensor": made.lora_hiding_zip(),
    "7z in a tensor": model_of(bytes(5_000), SEVEN_ZIP + bytes(900)),
    "rar in a tensor": model_of(bytes(3_000_000), RAR4 + bytes(900)),
    "rar across two blocks": model_of(bytes((1 << 20) - 90), RAR5 * 20),
    "rar in a picture": png_with(b"teXt", RAR5 + bytes(900)),
    "tar": at_place(b"ustar\x0000", 257),
    "disk image": at_place(b"CD001\1", 0x8001),
    "document in a picture": png_with(b"teXt", b"%PDF-1.7\n1 0 obj"),
    "document in a header": with_header(
        {"__metadata__": {"a": "%PDF-1.7"}, "b": entry(0, 1)}, b"x"
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", SECOND.values(), ids=SECOND.keys())
def test_a_file_that_is_two_things_is_refused(data: bytes) -> None:
    assert codes(data) == ["hidden_archive"]


def test_marks_of_archives_where_no_program_looks_are_chance() -> None:
    assert codes(at_place(b"ustar\x0000", 300)) == []
    assert codes(model_of(bytes(9 << 20), SEVEN_ZIP)) == []
    assert codes(at_place(b"%PDF-1.7", 2_000)) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("tail", [b"\0", b"PK", made.lora(), made.picture("JPEG")])
def test_nothing_may_follow_a_picture(kind: str, tail: bytes) -> None:
    assert codes(made.picture(kind) + tail) == ["appended_data"]


def test_nothing_may_follow_a_model() -> None:
    for tail in (b"\0", made.zipped(), made.lora()):
        assert codes(made.lora() + tail) == ["appended_data"]


def nested(depth: int) -> bytes:
    """Archives in an archive, each holding ten of the next."""
    inner = bytes(1_000_000)
    for _ in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", inner)
        inner = out.getvalue()
    return inner


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.safetensors"))
    return out.getvalue()


ARCHIVES = {
    "kind_zip": nested(4),
    "kind_tar": tarred(),
    "kind_gzip": gzip.compress(bytes(10_000_000)),
    "kind_bzip2": bz2.compress(bytes(1_000_000)),
    "kind_xz": lzma.compress(bytes(1_000_000)),
    "kind_7z": SEVEN_ZIP + bytes(64),
    "kind_rar": RAR5 + bytes(64),
}


@pytest.mark.parametrize(("code", "data"), ARCHIVES.items(), ids=ARCHIVES.keys())
def test_archives_are_refused_whole_and_never_opened(code: str, data: bytes) -> None:
    found = check_quickly(io.BytesIO(data), "a.safetensors", len(data), Accept.ANY)
    assert isinstance(found, Problem)
    assert found.code == code
    assert codes(data) == [code]


@cache
def bomb(size: int = 1 << 29) -> bytes:
    """Half a gigabyte of zeroes as half a megabyte of zlib."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*parts, packer.flush()])


@cache
def bombs() -> dict[str, bytes]:
    packed = bomb()
    return {
        "text": png_with(b"zTXt", b"parameters\0\0" + packed),
        "long text": png_with(b"iTXt", b"parameters\0\1\0\0\0" + packed),
        "colour profile": png_with(b"iCCP", b"x\0\0" + packed),
        "pixels": _png_of(packed, 64, 64),
        "many texts": made.picture("PNG")[:33]
        + png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000))) * 300
        + made.picture("PNG")[33:],
        "huge sides": made.huge_png(),
        "huge header": struct.pack("<Q", 25_000_000) + b'{"a":"' + b"x" * 24_999_990 + b'"}  ',
    }


def _png_of(pixels: bytes, width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


LOOK = """
import resource, sys
most = int(sys.argv[2])
from assent.core.fingerprints.look import look_at
def peak():
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
base = peak()
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
path = sys.argv[1]
import os
with open(path, "rb") as fileobj:
    look_at(fileobj, path, os.path.getsize(path))
grown = (peak() - base) // 1024
print(grown)
sys.exit(grown > most)
"""


NAMES = ("text", "long text", "colour profile", "pixels", "many texts", "huge sides", "huge header")


@pytest.mark.parametrize("name", NAMES)
def test_bombs_take_no_more_than_their_own_size_and_some(name: str, tmp_path: Path) -> None:
    """In a process of its own, whose memory is measured and whose time is limited."""
    path = tmp_path / "bomb"
    path.write_bytes(bombs()[name])
    allowed = 130 + 4 * (path.stat().st_size >> 20)
    command = [sys.executable, "-c", LOOK, str(path), str(allowed)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0, (done.stdout, done.stderr[-500:])
