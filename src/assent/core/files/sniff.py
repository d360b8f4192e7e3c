"""Format from content, never from the name: a zip renamed to .safetensors is a zip."""

from __future__ import annotations

import io
import pickletools
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from assent.core.files.formats import Format
from assent.core.files.reading import read_at

HEAD_BYTES = 4096
SAFETENSORS_HEADER_CAP = 100_000_000  # the format's own limit, in bytes

_MAGIC: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"PK\x03\x04", Format.ZIP),
    (0, b"PK\x05\x06", Format.ZIP),
    (0, b"PK\x07\x08", Format.ZIP),
    (0, b"\x89PNG\r\n\x1a\n", Format.PNG),
    (0, b"\xff\xd8\xff", Format.JPEG),
    (0, b"GIF87a", Format.GIF),
    (0, b"GIF89a", Format.GIF),
    (0, b"GGUF", Format.GGUF),
    (0, b"\x89HDF\r\n\x1a\n", Format.HDF5),
    (0, b"\x1aE\xdf\xa3", Format.WEBM),
    (0, b"7z\xbc\xaf\x27\x1c", Format.SEVEN_ZIP),
    (0, b"Rar!\x1a\x07", Format.RAR),
    (0, b"\x1f\x8b", Format.GZIP),
    (0, b"BZh", Format.BZIP2),
    (0, b"\xfd7zXZ\x00", Format.XZ),
    (0, b"\x28\xb5\x2f\xfd", Format.ZSTD),
    (0, b"\x7fELF", Format.PROGRAM),
    (0, b"MZ", Format.PROGRAM),
    (0, b"#!", Format.PROGRAM),
    (257, b"ustar", Format.TAR),
)
_HEIF_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
_JSON = re.compile(rb"[{]\s*(?:[}]\s*$|\"[^\"\n]{1,300}\"\s*:)|\[\s*[{]\s*\"")
# What makes a pickle more than data: it imports something and calls it.
_IMPORTS = {"GLOBAL", "STACK_GLOBAL"}
_CALLS = {"REDUCE", "BUILD", "OBJ", "NEWOBJ", "NEWOBJ_EX"}

_OPCODES = frozenset(ord(opcode.code) for opcode in pickletools.opcodes)


def sniff(fileobj: BinaryIO, size: int) -> Format:
    """Say what the file is from its first 4 KiB; `size` in bytes. Never raises on content."""
    return sniff_head(read_at(fileobj, 0, HEAD_BYTES), size)


def sniff_head(head: bytes, size: int) -> Format:
    """Say what a file of `size` bytes is that begins with `head`."""
    if size == 0 or not head:
        return Format.EMPTY
    # The order matters: the binary signatures are certain, safetensors nearly so, and the
    # textual pickles and protobufs are guesses that must not shadow the others.
    for guess in (_by_magic, _riff_or_iso, _safetensors, _document, _pickle, _onnx):
        found = guess(head, size)
        if found is not None:
            return found
    return Format.UNKNOWN


def _by_magic(head: bytes, size: int) -> Format | None:
    found = next((kind for at, magic, kind in _MAGIC if head.startswith(magic, at)), None)
    if found is Format.ZIP and b"data.pkl" in head:
        return Format.TORCH_ZIP
    return found


def _riff_or_iso(head: bytes, size: int) -> Format | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return Format.HEIF if head[8:12] in _HEIF_BRANDS else Format.MP4
    return None


def _safetensors(head: bytes, size: int) -> Format | None:
    """An 8-byte little-endian header length, then a JSON object.

    The length may reach past the end of the file: that is a safetensors file cut short, and its
    owner should be told so.
    """
    if len(head) < 9 or head[8:9] != b"{" or head[9:10] not in (b'"', b"}", b" ", b"\n", b""):
        return None
    length: int = struct.unpack_from("<Q", head)[0]
    return Format.SAFETENSORS if 2 <= length <= SAFETENSORS_HEADER_CAP else None


def _document(head: bytes, size: int) -> Format | None:
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!--")) and b"<svg" in text):
        return Format.SVG
    if _JSON.match(text) and b"\0" not in head:
        return Format.JSON
    return Format.HTML if text.startswith((*_HTML_STARTS, b"<!--")) else None


def _pickle(head: bytes, size: int) -> Format | None:
    """Protocol 2 to 5 by the marker; 0 and 1 have none and are read opcode by opcode."""
    if head[0] == 0x80 and len(head) > 2 and head[1] <= 5:
        return Format.PICKLE if head[2] in _OPCODES else None
    steps = list(_opcodes(head))
    names = {name for name, _at in steps}
    # A plain text can begin like a pickle: it must fill the file, or import and call something.
    ends = len(steps) > 1 and steps[-1] == ("STOP", size - 1)
    calls = "INST" in names or bool(names & _IMPORTS and names & _CALLS)
    return Format.PICKLE if ends or calls else None


def _opcodes(head: bytes) -> Iterator[tuple[str, int]]:
    """Pickle opcodes with their places from the start, up to the first byte that is none."""
    try:
        for opcode, _argument, at in pickletools.genops(io.BytesIO(head)):
            yield opcode.name, at or 0
    except Exception:  # the disassembler raises many kinds on bytes that are no pickle
        return


def _onnx(head: bytes, size: int) -> Format | None:
    """A protobuf that opens with a small `ir_version` and then the producer or the graph."""
    if len(head) < 5 or head[0] != 0x08 or not 1 <= head[1] <= 32:
        return None
    if head[2] == 0x12:
        name = head[4 : 4 + head[3]]
        return Format.ONNX if name.isascii() and name.decode("ascii").isprintable() else None
    return Format.ONNX if head[2] == 0x3A else None
