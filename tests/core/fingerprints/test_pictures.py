"""PDQ: bit for bit the reference's, and the same picture however it was stored."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from assent.core.files.problems import Problem
from assent.core.fingerprints.pdq import distance, luma, pdq
from assent.core.fingerprints.pictures import PicturePrint, is_near, picture_distance, print_picture
from tests.core.fingerprints.picture_cases import blocks

# Made by the reference code (the `pdqhash` package), not by ours.
GOLDEN = Path(__file__).with_name("golden_pdq.txt").read_text().splitlines()


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line[:14])
def test_every_bit_is_that_of_the_reference(line: str) -> None:
    rows, columns, seed, quality, wanted = line.split()
    found = pdq(luma(blocks(int(rows), int(columns), int(seed))))
    assert found.as_it_is.hex() == wanted
    assert found.quality == int(quality)


def scene(size: tuple[int, int] = (360, 280)) -> Image.Image:
    """Shapes and slopes, different in every corner."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw, (w, h) = ImageDraw.Draw(image), size
    draw.ellipse((w * 0.1, h * 0.1, w * 0.4, h * 0.5), fill=(210, 60, 40))
    draw.polygon([(w * 0.5, h * 0.9), (w * 0.7, h * 0.2), (w * 0.95, h * 0.8)], fill=(30, 90, 200))
    draw.rectangle((w * 0.05, h * 0.7, w * 0.35, h * 0.85), fill=(240, 240, 90))
    return image


def stored(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def printed(content: bytes) -> PicturePrint:
    found = print_picture(io.BytesIO(content))
    assert isinstance(found, PicturePrint), found
    return found


ORIGINAL = printed(stored(scene()))


def rotated_by_note() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return stored(scene().rotate(90, expand=True), "JPEG", quality=95, exif=exif)


def deep_grey() -> bytes:
    grey = np.asarray(scene().convert("L")).astype(np.uint16) * 257
    return stored(Image.fromarray(grey))


WAYS = {
    "jpeg": stored(scene(), "JPEG", quality=60),
    "webp": stored(scene(), "WEBP", quality=60),
    "palette": stored(scene().quantize(64)),
    "cmyk": stored(scene().convert("CMYK"), "JPEG", quality=95),
    "grey": stored(scene().convert("L")),
    "16 bit": deep_grey(),
    "turned by a note": rotated_by_note(),
    "alpha": stored(scene().convert("RGBA")),
    "half the size": stored(scene().resize((180, 140), Image.Resampling.LANCZOS)),
    "brighter": stored(scene().point(lambda v: min(255, int(v * 1.1)))),
    "mirrored": stored(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    "upside down": stored(scene().transpose(Image.Transpose.ROTATE_180)),
    "a quarter turn": stored(scene().transpose(Image.Transpose.ROTATE_90)),
    "transposed": stored(scene().transpose(Image.Transpose.TRANSPOSE)),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_the_same_picture_matches_however_it_is_stored(way: str) -> None:
    assert is_near(ORIGINAL, printed(WAYS[way]))


def test_other_pictures_do_not_match() -> None:
    other = printed(stored(Image.fromarray(blocks(300, 300, 5))))
    assert not is_near(ORIGINAL, other)


def test_a_picture_hidden_under_transparency_is_seen_on_one_of_two_papers() -> None:
    """White where it shows, black elsewhere: on white paper it is blank."""
    mask = scene().convert("L")
    hidden = Image.merge("RGBA", [Image.new("L", mask.size, 255)] * 3 + [mask])
    shown = printed(stored(mask))
    assert is_near(shown, printed(stored(hidden)))


def test_a_plain_picture_matches_nothing_not_even_itself() -> None:
    plain = printed(stored(Image.new("RGB", (200, 200), "teal")))
    assert plain.quality < 50
    assert picture_distance(plain, plain) is None


def test_a_tiny_picture_has_no_quality() -> None:
    assert pdq(luma(blocks(3, 200, 1))).quality == 0


def test_a_small_crop_still_matches_and_a_large_one_is_out_of_reach() -> None:
    """The reach of PDQ, said in the documentation: about one per cent off each side."""
    w, h = scene().size
    small = scene().crop((w // 200, h // 200, w - w // 200, h - h // 200))
    assert is_near(ORIGINAL, printed(stored(small)))
    large = scene().crop((w // 5, h // 5, w, h))
    assert not is_near(ORIGINAL, printed(stored(large)))


def test_what_is_no_picture_is_a_problem() -> None:
    assert isinstance(print_picture(io.BytesIO(b"PK\x03\x04 no picture")), Problem)


def test_distance_counts_bits() -> None:
    assert distance(bytes(32), bytes([255]) + bytes(31)) == 8
