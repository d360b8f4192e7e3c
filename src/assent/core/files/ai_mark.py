"""Marks a sample picture as made by AI, in the picture itself, when it is served.

The mark is the IPTC Digital Source Type in XMP (IPTC Photo Metadata Standard 2023.1, section
"Digital Source Type"), which search engines and picture programs read; a picture that rests on a
consent record names the record as well. What the picture said about how it was made (prompts,
places, cameras: names may stand in there) is left out of the served copy; its pixels, colour
profile and the way up stay. A picture with signed provenance of its own (C2PA) is served as it is:
any change would break that signature.

PNG: W3C PNG third edition, 11.3; JPEG: ISO/IEC 10918-1 B.1 and XMP part 3, 1.1.3; WebP: RFC 9649.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from PIL import Image

from assent.core.files.formats import Format

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_PNG_HEAD = 8
_PNG_DROPPED = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_XMP_APP1 = b"http://ns.adobe.com/xap/1.0/\0"
_WEBP_XMP, _WEBP_EXIF = 0x04, 0x08
_TURNED = 0x0112
_ORIENTATION = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"


@dataclass(frozen=True, slots=True)
class RestsOn:
    """The consent record behind a picture, and where to ask whether it is in force."""

    reference: str
    status_url: str


def xmp_packet(record: RestsOn | None = None) -> bytes:
    """Return the XMP that says "made by AI" and names the consent record, if there is one."""
    of_record = ""
    if record is not None:
        of_record = (
            ' xmlns:assent="urn:assent:mark:1"'
            f" assent:consentRecord={quoteattr(record.reference)}"
            f" assent:statusUrl={quoteattr(record.status_url)}"
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' Iptc4xmpExt:DigitalSourceType="{AI_MADE}"{of_record}/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def marked(picture: bytes, kind: Format, record: RestsOn | None = None) -> bytes:
    """Return a picture that passed its scan with the mark in it, and without other metadata."""
    if carries_provenance(picture, kind):
        return picture
    return _WRITERS[kind](picture, xmp_packet(record), _way_up(picture, kind))


def _way_up(picture: bytes, kind: Format) -> int:
    """EXIF's orientation, 1 to 8; 1 where it is missing or the EXIF is damaged."""
    with Image.open(io.BytesIO(picture), formats=[kind.name]) as opened:
        try:
            turned = int(opened.getexif().get(_TURNED, 1))
        except Exception:  # damaged EXIF raises many kinds
            return 1
    return turned if 1 <= turned <= 8 else 1


def carries_provenance(picture: bytes, kind: Format) -> bool:
    """Return whether there is a C2PA manifest in the picture, by where the standard puts it
    (C2PA 2.1, appendix A.3); whether it holds is not looked at."""
    if kind is Format.PNG:
        return any(name == b"caBX" for name, _ in _png_chunks(picture))
    if kind is Format.JPEG:
        return any(m == 0xEB and b"jumb" in s for m, s in _jpeg_segments(picture)[0])
    return any(name == b"C2PA" for name, _ in _webp_chunks(picture))


def _png(picture: bytes, xmp: bytes, turned: int) -> bytes:
    chunks = [(n, body) for n, body in _png_chunks(picture) if n not in _PNG_DROPPED]
    added = [(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)]
    if turned != 1:
        added.append((b"eXIf", _exif(turned)[6:]))
    parts = [picture[:_PNG_HEAD]]
    for name, body in (*chunks[:1], *added, *chunks[1:]):
        check = zlib.crc32(name + body).to_bytes(4, "big")
        parts.append(len(body).to_bytes(4, "big") + name + body + check)
    return b"".join(parts)


def _png_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _PNG_HEAD
    while at + 8 <= len(picture):
        length = int.from_bytes(picture[at : at + 4], "big")
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += length + 12


def _jpeg(picture: bytes, xmp: bytes, turned: int) -> bytes:
    segments, rest = _jpeg_segments(picture)
    # APP1 is EXIF and XMP, APP13 Photoshop's and IPTC's, COM a comment; APP2 is the colour profile.
    kept = [(m, body) for m, body in segments if m not in (0xE1, 0xED, 0xFE)]
    ours = [(0xE1, _XMP_APP1 + xmp)]
    if turned != 1:
        ours.insert(0, (0xE1, _exif(turned)))
    # JFIF's own segment stays first, as JFIF asks.
    first = 1 if kept and kept[0][0] == 0xE0 else 0
    parts = [
        bytes((0xFF, m)) + (len(body) + 2).to_bytes(2, "big") + body
        for m, body in (*kept[:first], *ours, *kept[first:])
    ]
    return b"\xff\xd8" + b"".join(parts) + rest


def _jpeg_segments(picture: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the segments before the first scan as (marker, body), and all that follows."""
    found: list[tuple[int, bytes]] = []
    at = 2
    while at + 4 <= len(picture) and picture[at] == 0xFF and picture[at + 1] != 0xDA:
        if picture[at + 1] == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        length = int.from_bytes(picture[at + 2 : at + 4], "big")
        found.append((picture[at + 1], picture[at + 4 : at + 2 + length]))
        at += 2 + length
    return found, picture[at:]


def _webp(picture: bytes, xmp: bytes, turned: int) -> bytes:
    chunks = [(n, body) for n, body in _webp_chunks(picture) if n not in (b"XMP ", b"EXIF")]
    flags, canvas = _webp_canvas(chunks)
    flags = (flags & ~_WEBP_EXIF) | _WEBP_XMP | (_WEBP_EXIF if turned != 1 else 0)
    body = [(b"VP8X", bytes((flags, 0, 0, 0)) + canvas)]
    body += [(n, b) for n, b in chunks if n != b"VP8X"]
    if turned != 1:
        body.append((b"EXIF", _exif(turned)[6:]))
    body.append((b"XMP ", xmp))
    inside = b"WEBP" + b"".join(
        n + len(b).to_bytes(4, "little") + b + b"\0" * (len(b) % 2) for n, b in body
    )
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def _webp_canvas(chunks: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """Return the flags and the six bytes of width and height that a VP8X chunk holds."""
    name, body = chunks[0]
    if name == b"VP8X":
        return body[0], body[4:10]
    if name == b"VP8L":  # 14 bits each, less one, then one bit for transparency
        bits = int.from_bytes(body[1:5], "little")
        width, height, clear = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
        return 0x10 if clear else 0, width.to_bytes(3, "little") + height.to_bytes(3, "little")
    width = (int.from_bytes(body[6:8], "little") & 0x3FFF) - 1
    height = (int.from_bytes(body[8:10], "little") & 0x3FFF) - 1
    return 0, width.to_bytes(3, "little") + height.to_bytes(3, "little")


def _webp_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(picture):
        length = int.from_bytes(picture[at + 4 : at + 8], "little")
        yield picture[at : at + 4], picture[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _exif(turned: int) -> bytes:
    """An EXIF block with nothing but the orientation in it."""
    return _ORIENTATION % turned


_WRITERS = {Format.PNG: _png, Format.JPEG: _jpeg, Format.WEBP: _webp}
