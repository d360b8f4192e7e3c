"""What pictures say they were made from: read as generators write it, and never trusted."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from assent.core.files.formats import Format
from assent.core.files.inspect import examine, public_facts
from assent.core.files.picture_notes import picture_notes
from assent.core.files.training_subject import MAX_CHARACTERS, MAX_TOTAL_CHARACTERS
from tests.core.files.files_made import png_chunk

GRAPH = {
    "1": {"class_type": "LoraLoader", "inputs": {"lora_name": "made/velka_knight.safetensors"}},
    "2": {
        "class_type": "CLIPTextEncode",
        "inputs": {"text": "velka in the rain", "clip": ["1", 1]},
    },
    "3": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "base_xl.safetensors"}},
}
WEB_UI = (
    "velka the knight, <lora:velka_knight:0.8> at dawn\n"
    "Negative prompt: nobody else, ugly\n"
    'Steps: 20, Sampler: Euler a, Lora hashes: "velka_knight: 0a1b, mist: 22"'
)


def png(**texts: str) -> io.BytesIO:
    """A picture with these text chunks."""
    info, out = PngImagePlugin.PngInfo(), io.BytesIO()
    for key, text in texts.items():
        info.add_text(key, text)
    Image.new("RGB", (32, 24), "teal").save(out, "PNG", pnginfo=info)
    return out


def with_exif(kind: str, **more: Any) -> io.BytesIO:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010E] = "velka, second study"
    exif.get_ifd(0x8769)[0x9286] = more["comment"]
    Image.new("RGB", (32, 24), "teal").save(out, kind, exif=exif)
    return out


def told(fileobj: io.BytesIO, kind: Format = Format.PNG) -> dict[str, float]:
    return {one.text: one.weight for one in picture_notes(fileobj, kind)[0]}


def test_the_web_uis_prompt_is_read_without_whom_it_must_not_show() -> None:
    found = told(png(parameters=WEB_UI))
    assert found == {"velka_knight": 0.9, "mist": 0.9, "velka the knight, at dawn": 0.8}


def test_comfyuis_graph_gives_texts_and_models() -> None:
    found = told(png(prompt=json.dumps(GRAPH)))
    assert found == {"velka_knight": 0.9, "velka in the rain": 0.6, "base_xl": 0.4}
    assert told(png(prompt="no graph")) == {"no graph": 0.4}


@pytest.mark.parametrize("kind", [Format.JPEG, Format.WEBP, Format.PNG])
@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + "velka am See\nSteps: 20".encode("utf-16-be"),
        b"UNICODE\0" + "velka am See\nSteps: 20".encode("utf-16-le"),
        b"ASCII\0\0\0velka am See\nSteps: 20",
        b"velka am See\nSteps: 20",
    ],
)
def test_exif_is_read_in_every_way_it_is_written(kind: Format, comment: bytes) -> None:
    found = told(with_exif(kind.name, comment=comment), kind)
    assert {"velka am See", "velka, second study"} <= set(found)


def test_titles_and_xmp() -> None:
    out = io.BytesIO()
    xmp = b"<x><dc:title>Velka <b>at</b> sea</dc:title></x>"
    Image.new("RGB", (32, 24)).save(out, "WEBP", xmp=xmp)
    assert told(out, Format.WEBP) == {"Velka at sea": 0.6}
    assert told(png(Title="Velka", Software="someprogram")) == {"Velka": 0.6}


def test_a_flood_is_cut_and_said_to_be() -> None:
    subjects, cut = picture_notes(png(parameters="fox " * 100_000), Format.PNG)
    assert cut
    assert all(len(one.text) <= MAX_CHARACTERS for one in subjects)
    many = {str(n): {"text": f"velka {n} " * 100} for n in range(20_000)}
    subjects, cut = picture_notes(png(prompt=json.dumps(many)), Format.PNG)
    assert cut
    assert sum(len(one.text) for one in subjects) <= MAX_TOTAL_CHARACTERS
    deep = "[" * 60_000 + "]" * 60_000
    assert picture_notes(png(prompt=deep), Format.PNG)[1] is True


def test_what_cannot_be_read_is_no_fault_of_the_picture() -> None:
    whole = png(parameters="a fox").getvalue()
    odd = whole[:-12] + png_chunk(b"zTXt", b"parameters\0\0not zlib") + whole[-12:]
    facts = examine(io.BytesIO(odd), "fox.png", len(odd))
    assert facts.format is Format.PNG
    assert [one.text for one in picture_notes(io.BytesIO(b"\x89PNG"), Format.PNG)[0]] == []


def test_staff_and_screening_alone_see_it() -> None:
    raw = png(parameters=WEB_UI)
    facts = examine(raw, "fox.png", len(raw.getvalue()))
    assert facts.safe
    assert facts.as_record()["training_subject"]
    assert "velka" not in json.dumps(public_facts(facts))


@given(st.integers(0, 2**32), st.sampled_from(["PNG", "JPEG", "WEBP"]))
@settings(max_examples=60, deadline=None)
def test_bytes_turned_at_random_never_break_the_reader(seed: int, kind: str) -> None:
    turned_at_random(seed, kind)


def turned_at_random(seed: int, kind: str) -> None:
    """Read a picture of which some bytes were turned."""
    dice = random.Random(seed)
    whole = with_exif(kind, comment=b"ASCII\0\0\0a fox").getvalue()
    raw = bytearray(whole)
    for _ in range(dice.randint(1, 12)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    subjects, _ = picture_notes(io.BytesIO(bytes(raw)), Format[kind])
    assert all(one.text and "\0" not in one.text for one in subjects)
