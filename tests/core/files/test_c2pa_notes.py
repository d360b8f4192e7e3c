"""C2PA, XMP, IPTC and odd places of EXIF: what is written there reaches screening."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assent.core.files.ai_mark import AI_MADE
from assent.core.files.c2pa_notes import c2pa_clues
from assent.core.files.formats import Format
from assent.core.files.inspect import examine, public_facts
from assent.core.files.picture_notes import picture_notes
from assent.gateways.provenance import signed_picture
from tests.core.files import files_made as made

MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
ACTIONS: dict[str, Any] = {
    "label": "c2pa.actions",
    "data": {
        "actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": AI_MADE,
                "parameters": {"prompt": "velka at the harbour"},
                "softwareAgent": {"name": "some program"},
            }
        ]
    },
}
PERSON: dict[str, Any] = {
    "label": "stds.iptc",
    "data": {"@context": {"Iptc4xmpExt": "x"}, "Iptc4xmpExt:PersonInImage": ["Velka Oyelaran"]},
    "kind": "Json",
}


def told(data: bytes, kind: str) -> dict[str, float]:
    """The texts, each with its greatest weight."""
    found = picture_notes(io.BytesIO(data), Format[kind])[0]
    return {s.text: s.weight for s in reversed(found)}


def cbor(value: object) -> bytes:
    """The few kinds of CBOR that the tests need."""
    if isinstance(value, str):
        raw = value.encode("utf-8", "replace")
        return b"\x7a" + struct.pack(">I", len(raw)) + raw
    if isinstance(value, list):
        return b"\x9f" + b"".join(cbor(one) for one in value) + b"\xff"
    if isinstance(value, dict):
        pairs = b"".join(cbor(k) + cbor(v) for k, v in value.items())
        return b"\xb9" + struct.pack(">H", len(value)) + pairs
    return b"\xfb" + struct.pack(">d", 1.5)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def png_with_store(store: bytes) -> bytes:
    whole = made.picture("PNG")
    return whole[:33] + made.png_chunk(b"caBX", store) + whole[33:]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(MIMES))
def test_manifests_of_the_standards_own_library_are_read(kind: str) -> None:
    data = signed_picture(made.picture(kind), MIMES[kind], [ACTIONS, PERSON])
    found = told(data, kind)
    assert found["velka at the harbour"] == 0.8
    assert found["Velka Oyelaran"] == 0.9
    assert "some program" not in found


@pytest.mark.django_db
def test_a_long_manifest_in_a_jpeg_is_joined() -> None:
    far = [
        {"label": f"org.x{n}", "data": {"description": f"{n} " + "sea " * 4_000}} for n in "abcdefg"
    ]
    data = signed_picture(made.picture("JPEG"), "image/jpeg", [*far, ACTIONS])
    assert data.count(b"\xff\xeb") > 1
    assert "velka at the harbour" in told(data, "JPEG")


def test_cbor_by_hand_in_every_form() -> None:
    whole = {"dc:title": "Velka", "list": [{"description": "at sea"}, 1.5, {"softwareAgent": "x"}]}
    store = box(b"jumb", box(b"jumd", b"y") + box(b"cbor", cbor(whole)))
    assert told(png_with_store(store), "PNG") == {"Velka": 0.6, "at sea": 0.6}


@pytest.mark.parametrize(
    "store",
    [
        b"",
        box(b"cbor", b"\x9f" * 5_000),
        box(b"cbor", b"\x9b" + b"\xff" * 8),
        box(b"cbor", b"\x7b" + b"\xff" * 8),
        box(b"cbor", b"\x9f" + b"\xf6" * 3_000_000),
        box(b"json", b"[" * 400_000),
        struct.pack(">I4sQ", 1, b"jumb", 2**63),
        b"".join(box(b"jumb", b"") for _ in range(5_000)),
    ],
    ids=["empty", "deep", "endless list", "endless text", "many", "brackets", "huge box", "boxes"],
)
def test_hostile_stores_end_the_reading(store: bytes) -> None:
    assert told(png_with_store(store), "PNG") == {}


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_store_is_read(store: bytes) -> None:
    list(c2pa_clues(io.BytesIO(png_with_store(store)), Format.PNG))
    list(c2pa_clues(io.BytesIO(png_with_store(box(b"cbor", store))), Format.PNG))


XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about=""
 photoshop:Headline="Velka &amp; friends" xmp:CreatorTool="a program">
 <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Velka Oyelaran</rdf:li></rdf:Bag>
 </Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("kind", list(MIMES))
def test_xmp_in_both_of_its_forms(kind: str) -> None:
    out = io.BytesIO()
    if kind == "PNG":
        out.write(made.picture("PNG")[:33])
        out.write(made.png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP))
        out.write(made.picture("PNG")[33:])
    else:
        Image.new("RGB", (32, 24)).save(out, kind, xmp=XMP)
    found = told(out.getvalue(), kind)
    assert found["Velka & friends"] == 0.6
    assert found["Velka Oyelaran"] == 0.9
    assert not any("a program" in text for text in found)


def test_iptc_and_comment_of_a_jpeg() -> None:
    records = b"".join(
        b"\x1c\x02" + bytes((number,)) + struct.pack(">H", len(text)) + text
        for number, text in ((5, b"Velka by night"), (25, b"velka"), (25, b"harbour"), (80, b"me"))
    )
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    resource += b"\0" * (len(resource) % 2)
    body = b"Photoshop 3.0\0" + resource
    whole = made.picture("JPEG")
    segment = b"\xff\xed" + struct.pack(">H", 2 + len(body)) + body
    comment = b"velka once more"
    segment += b"\xff\xfe" + struct.pack(">H", 2 + len(comment)) + comment
    found = told(whole[:2] + segment + whole[2:], "JPEG")
    assert found == {"Velka by night": 0.6, "velka": 0.6, "harbour": 0.6, "velka once more": 0.4}


def test_a_graph_where_cameras_write_their_names() -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0110] = "prompt:" + json.dumps({"1": {"inputs": {"text": "velka in the rain"}}})
    exif[0x010F] = "A Camera Maker"
    Image.new("RGB", (32, 24)).save(out, "WEBP", exif=exif)
    assert told(out.getvalue(), "WEBP") == {"velka in the rain": 0.6, "A Camera Maker": 0.4}


def test_prompts_in_json() -> None:
    swarm = {"sui_image_params": {"prompt": "velka runs", "negativeprompt": "others", "seed": 1}}
    exif, out = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + json.dumps(swarm).encode()
    Image.new("RGB", (32, 24)).save(out, "JPEG", exif=exif)
    assert told(out.getvalue(), "JPEG") == {"velka runs": 0.8}


@pytest.mark.django_db
def test_buyers_see_none_of_it() -> None:
    data = signed_picture(made.picture("PNG"), "image/png", [ACTIONS])
    facts = examine(io.BytesIO(data), "a.png", len(data))
    assert facts.safe
    assert "velka" in json.dumps(facts.as_record())
    assert "velka" not in json.dumps(public_facts(facts))
