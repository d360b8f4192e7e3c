"""Whether a picture may be taken, and the small re-encoded copy that pages show.

Stored originals are never rewritten. Only thumbnails are made anew.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, features

from assent.core.files.formats import Format
from assent.core.files.image_layout import Layout, broken, read_layout
from assent.core.files.polyglots import second_kind
from assent.core.files.problems import Problem, Unsound
from assent.core.files.sniff import sniff


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a picture may be at most. One frame, because only the first is looked at."""

    file_bytes: int = 50_000_000
    pixels: int = 40_000_000
    side: int = 16_384
    frames: int = 1


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture that passed: format, width and height in pixels as stored, frames."""

    format: Format
    width: int
    height: int
    frames: int


DEFAULT_LIMITS = ImageLimits()


def check_image(fileobj: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS) -> ImageFacts | Problem:
    """Check a PNG, JPEG or WebP without decoding it; raises only what `fileobj` raises.

    Refuses damaged, cut-off, oversized and moving pictures, and files that are something else
    besides. A picture that passes may still hold damaged pixels: `decode_fully` finds those.
    """
    size = fileobj.seek(0, io.SEEK_END)
    try:
        kind = _kind(fileobj, size, limits)
        layout = read_layout(fileobj, kind, size)
        _check_limits(layout, limits)
        _check_with_pillow(fileobj, kind, layout)
    except Unsound as found:
        return found.problem
    if second := second_kind(fileobj, size):
        return second
    return ImageFacts(kind, layout.width, layout.height, layout.frames)


def thumbnail(
    fileobj: BinaryIO, edge: int, limits: ImageLimits = DEFAULT_LIMITS
) -> bytes | Problem:
    """Return a WebP (JPEG where WebP is missing) whose longer side is at most `edge` pixels.

    The first frame, upright, on white where it was transparent, without any metadata.
    """
    picture = _decoded(fileobj, limits, edge)
    if isinstance(picture, Problem):
        return picture
    # Shrink before anything else: every step at full size would cost 160 MB at 40 megapixels.
    small = _resizable(picture)
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = _flattened(_turned_up(small))
    clean = Image.new("RGB", small.size)  # a new picture has nothing but pixels
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "WEBP" if features.check("webp") else "JPEG", quality=82)
    return out.getvalue()


def as_seen(
    fileobj: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS
) -> tuple[Image.Image, ...] | Problem:
    """Return the picture as people see it, upright and in RGB: on white, and where it is
    transparent also on black, for colours can hide under transparency."""
    picture = _decoded(fileobj, limits, None)
    if isinstance(picture, Problem):
        return picture
    upright = _turned_up(_resizable(picture))
    if not upright.has_transparency_data:
        return (upright.convert("RGB"),)
    return tuple(_flattened(upright, paper) for paper in ("white", "black"))


def decode_fully(fileobj: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS) -> Problem | None:
    """Decode every pixel once (some 4 bytes of memory each); None means nothing is wrong."""
    picture = _decoded(fileobj, limits, None)
    return picture if isinstance(picture, Problem) else None


def _kind(fileobj: BinaryIO, size: int, limits: ImageLimits) -> Format:
    kind = sniff(fileobj, size)
    if not kind.is_image:
        words = kind.refusal or (
            f"This is {kind.label}, and a picture is expected here. "
            "Please upload a PNG, JPEG or WebP."
        )
        raise Unsound(f"kind_{kind.value}", words)
    if size > limits.file_bytes:
        raise Unsound(
            "image_too_big",
            f"This picture has {size / 1e6:,.0f} MB; Assent takes pictures up to "
            f"{limits.file_bytes / 1e6:,.0f} MB. Please save it smaller.",
        )
    return kind


def _check_limits(layout: Layout, limits: ImageLimits) -> None:
    # Pillow warns above its own limit and gives up at twice that; staying under the warning
    # leaves nothing for it to say.
    pixels = min(limits.pixels, Image.MAX_IMAGE_PIXELS or limits.pixels)
    if max(layout.width, layout.height) > limits.side or layout.width * layout.height > pixels:
        raise Unsound(
            "image_too_large",
            f"This picture has {layout.width:,} x {layout.height:,} pixels; Assent takes up to "
            f"{pixels // 1_000_000} megapixels and {limits.side:,} pixels a side. "
            "Please make it smaller and upload it again.",
        )
    if layout.frames > limits.frames:
        raise Unsound(
            "image_moves",
            f"This picture moves: it has {layout.frames:,} frames. Assent cannot check moving "
            "pictures yet. Please upload a still PNG, JPEG or WebP.",
        )


def _check_with_pillow(fileobj: BinaryIO, kind: Format, layout: Layout) -> None:
    """Open lazily with the one decoder that fits, which must see the same picture as we do."""
    with _opened(fileobj, kind) as picture:
        if picture.size != (layout.width, layout.height):
            raise broken()


def _opened(fileobj: BinaryIO, kind: Format) -> Image.Image:
    fileobj.seek(0)
    try:
        return Image.open(fileobj, formats=[kind.name])
    except Exception:  # decoders raise many kinds; whatever cannot be read is never taken
        raise broken() from None


def _decoded(fileobj: BinaryIO, limits: ImageLimits, edge: int | None) -> Image.Image | Problem:
    facts = check_image(fileobj, limits)
    if isinstance(facts, Problem):
        return facts
    fileobj.seek(0)
    copy = io.BytesIO(fileobj.read())  # so that a failing disk is not mistaken for a bad picture
    try:
        picture = _opened(copy, facts.format)
        if edge is not None:
            picture.draft("RGB", (2 * edge, 2 * edge))
        picture.load()
    except Exception:  # as above: an error while looking is a refusal, never a pass
        return broken().problem
    return picture


def _resizable(picture: Image.Image) -> Image.Image:
    """Bring any mode to one that can be shrunk smoothly, keeping transparency."""
    if picture.mode in ("RGB", "L", "RGBA", "LA"):
        return picture if "transparency" not in picture.info else picture.convert("RGBA")
    if picture.mode.startswith("I"):
        return _from_deep_grey(picture)
    clear = picture.mode == "PA" or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")


def _turned_up(picture: Image.Image) -> Image.Image:
    """As EXIF says it should be turned; as it is stored where its EXIF is damaged, for browsers
    show it so, too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF: it is a stranger's
            return ImageOps.exif_transpose(picture)
    except Exception:  # of many kinds, also while Pillow writes the rest of the EXIF anew
        return picture


def _flattened(picture: Image.Image, colour: str = "white") -> Image.Image:
    """What is transparent becomes white, as on a page, or another colour."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, colour)
    return Image.alpha_composite(paper, layer).convert("RGB")


def _from_deep_grey(picture: Image.Image) -> Image.Image:
    """16-bit grey: keep the upper 8 bits, where a plain conversion would clip to white."""
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
