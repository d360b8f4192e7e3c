"""Pictures: what is taken, what is refused without decoding, and what a thumbnail keeps."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assent.core.files import image_layout
from assent.core.files.formats import Format
from assent.core.files.images import ImageFacts, ImageLimits, check_image, decode_fully, thumbnail
from assent.core.files.problems import Problem
from tests.core.files import files_made as made

KINDS = ["PNG", "JPEG", "WEBP"]
ORIENTATION = 274


def look(data: bytes, limits: ImageLimits | None = None) -> ImageFacts | Problem:
    return check_image(io.BytesIO(data), limits or ImageLimits())


def code(data: bytes, limits: ImageLimits | None = None) -> str:
    found = look(data, limits)
    assert isinstance(found, Problem)
    assert "lease" in found.sentence
    return found.code


def small(data: bytes, edge: int = 16) -> Image.Image:
    made_small = thumbnail(io.BytesIO(data), edge)
    assert isinstance(made_small, bytes)
    return Image.open(io.BytesIO(made_small))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_picture_passes(kind: str) -> None:
    data = made.picture(kind)
    assert look(data) == ImageFacts(Format[kind], 32, 24, 1)
    assert decode_fully(io.BytesIO(data)) is None


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"mode": "CMYK"}),
        ("JPEG", {"mode": "L"}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"mode": "RGBA"}),
        ("WEBP", {"exif": Image.Exif().tobytes()}),
        ("PNG", {"mode": "P"}),
        ("PNG", {"mode": "1"}),
        ("PNG", {"mode": "LA"}),
        ("PNG", {"mode": "I;16"}),
    ],
)
def test_every_flavour_passes_and_has_a_thumbnail(kind: str, options: dict[str, object]) -> None:
    data = made.picture(kind, **options)
    assert isinstance(look(data), ImageFacts)
    assert small(data).size == (16, 12)


@pytest.mark.parametrize("kind", KINDS)
def test_data_after_the_picture_is_refused(kind: str) -> None:
    assert code(made.picture(kind) + made.zipped()) == "appended_data"
    assert code(made.picture(kind) + b"\0") == "appended_data"


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_cut_off_anywhere_is_refused(kind: str) -> None:
    data = made.picture(kind, (64, 48))
    for kept in range(12, len(data), 7):
        assert code(data[:kept]) in ("cut_off", "image_damaged"), kept
    assert code(data[:-1]) == "cut_off"


def test_thirty_thousand_pixels_a_side_are_refused_without_decoding() -> None:
    before = time.process_time()
    assert code(made.huge_png()) == "image_too_large"
    assert time.process_time() - before < 0.2


def test_limits_on_sides_bytes_and_frames() -> None:
    data = made.picture("PNG")
    assert code(data, ImageLimits(side=31)) == "image_too_large"
    assert code(data, ImageLimits(pixels=32 * 24 - 1)) == "image_too_large"
    assert code(data, ImageLimits(file_bytes=50)) == "image_too_big"
    for kind in ("WEBP", "PNG"):
        assert code(made.moving(kind)) == "image_moves"
        assert isinstance(look(made.moving(kind), ImageLimits(frames=3)), ImageFacts)


def test_pillow_never_has_to_warn_of_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 700)
    assert code(made.picture("PNG")) == "image_too_large"


def test_a_progressive_jpeg_with_endless_scans_is_refused() -> None:
    data = made.picture("JPEG", progressive=True)
    scan = data.rindex(b"\xff\xda")
    assert code(data[:scan] + data[scan:-2] * 101 + data[-2:]) == "image_damaged"


def test_a_jpeg_that_gives_two_sizes_is_refused() -> None:
    data = made.picture("JPEG")
    at = data.index(b"\xff\xc0")
    frame = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
    assert code(data[:at] + frame + data[at:]) == "image_damaged"


@pytest.mark.parametrize("chunk", [2, 3, 5, 64])
def test_the_end_of_a_jpeg_is_found_across_chunks(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_layout, "_CHUNK", chunk)
    for side in range(8, 24):
        assert isinstance(look(made.picture("JPEG", (side, side))), ImageFacts)


def test_an_archive_inside_a_picture_is_refused() -> None:
    png = made.picture("PNG")
    chunk = made.png_chunk(b"zzZz", made.zipped())
    assert code(png[:-12] + chunk + png[-12:]) == "hidden_archive"


def test_other_kinds_are_refused_with_their_own_words() -> None:
    assert code(made.moving("GIF")) == "kind_gif"
    assert code(made.lora()) == "kind_safetensors"


def test_broken_pixels_pass_the_quick_look_and_not_the_full_one() -> None:
    data = made.png_with_broken_pixels()
    assert isinstance(look(data), ImageFacts)
    assert isinstance(decode_fully(io.BytesIO(data)), Problem)
    assert isinstance(thumbnail(io.BytesIO(data), 16), Problem)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(kind, "RGB") for kind in KINDS]
    + [("PNG", mode) for mode in ("P", "RGBA", "LA", "I;16", "1")],
)
def test_a_thumbnail_stands_upright_and_carries_nothing_along(kind: str, mode: str) -> None:
    notes = Image.Exif()
    notes[ORIENTATION] = 6
    notes[315] = "Vera Lindqvist-Oyelaran"
    data = made.picture(kind, (64, 32), mode, exif=notes.tobytes(), icc_profile=b"not a profile")
    shown = small(data)
    assert shown.size == (8, 16)
    assert not shown.getexif()
    assert not {"icc_profile", "exif", "xmp", "comment"} & set(shown.info)


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (32, 32), (200, 0, 0, 0)).save(out, "PNG")
    shown = small(out.getvalue()).convert("RGB").getpixel((8, 8))
    assert isinstance(shown, tuple)
    assert min(shown) > 250


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    out = io.BytesIO()
    palette = Image.new("P", (32, 32), 0)
    palette.putpalette([200, 0, 0, 0, 0, 200])
    palette.save(out, "PNG", transparency=0)
    shown = small(out.getvalue()).convert("RGB").getpixel((8, 8))
    assert isinstance(shown, tuple)
    assert min(shown) > 250


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    out = io.BytesIO()
    Image.new("I;16", (32, 32), 128 * 256).save(out, "PNG")
    shown = small(out.getvalue()).convert("RGB").getpixel((8, 8))
    assert isinstance(shown, tuple)
    assert 120 < shown[0] < 136


@given(st.sampled_from(KINDS), st.binary(max_size=300))
def test_any_bytes_behind_a_signature_are_answered(kind: str, rest: bytes) -> None:
    assert isinstance(look(made.picture(kind)[:16] + rest), ImageFacts | Problem)


@given(st.sampled_from(KINDS), st.data())
def test_a_changed_picture_never_raises(kind: str, draw: st.DataObject) -> None:
    data = bytearray(made.picture(kind))
    for _ in range(draw.draw(st.integers(1, 5))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    assert isinstance(thumbnail(io.BytesIO(data), 16), bytes | Problem)
