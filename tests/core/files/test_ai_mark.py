"""REQ-TRA-06: the mark that a picture was made by AI, in the picture itself."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from assent.core.files.ai_mark import AI_MADE, RestsOn, carries_provenance, marked, xmp_packet
from assent.core.files.formats import Format
from assent.core.files.images import ImageFacts, check_image

RECORD = RestsOn("C-7K3M9QX2", 'https://market.example.org/consent/C-7K3M9QX2?a="b"')
SECRET = "a prompt with a name in it"
VARIANTS = [
    ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "P", {}), ("JPEG", "RGB", {}),
    ("JPEG", "CMYK", {}), ("JPEG", "L", {"progressive": True}), ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {}), ("WEBP", "RGBA", {"lossless": True}), ("WEBP", "RGB", {"lossless": True}),
]  # fmt: skip


def picture(kind: str, mode: str, turned: int = 1, talks: bool = False, **options: object) -> bytes:
    image = Image.linear_gradient("L").resize((65, 43)).convert("RGB")
    image.putpixel((0, 0), (200, 20, 60))
    image = image.convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize((65, 43)))
    if turned != 1 or talks:
        exif = Image.Exif()
        exif[0x0112] = turned
        exif[0x010E] = SECRET
        options["exif"] = exif.tobytes()
    if talks:
        options |= {"xmp": f"<x>{SECRET}</x>".encode()} if kind != "PNG" else {}
        if kind == "PNG":
            info = PngImagePlugin.PngInfo()
            info.add_text("parameters", SECRET)
            info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
            options["pnginfo"] = info
        if kind == "JPEG":
            options["comment"] = SECRET
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode", "options"), VARIANTS)
@pytest.mark.parametrize("turned", [1, 6])
@pytest.mark.parametrize("talks", [False, True])
def test_req_tra_06_the_mark_is_in_and_nothing_but_metadata_changed(
    kind: str, mode: str, options: dict[str, object], turned: int, talks: bool
) -> None:
    before = picture(kind, mode, turned, talks, **options)
    after = marked(before, Format[kind], RECORD)
    old, new = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert new.convert("RGBA").tobytes() == old.convert("RGBA").tobytes()
    assert new.size == old.size
    assert new.getexif().get(0x0112, 1) == turned
    packet = new.info.get("xmp") or new.info.get("XML:com.adobe.xmp")
    text = packet.decode() if isinstance(packet, bytes) else str(packet)
    assert AI_MADE in text
    assert RECORD.reference in text
    assert SECRET.encode() not in after
    assert isinstance(check_image(io.BytesIO(after)), ImageFacts), "it still passes its own scan"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_marking_twice_is_marking_once(kind: str) -> None:
    once = marked(picture(kind, "RGB"), Format[kind], RECORD)
    assert marked(once, Format[kind], RECORD) == once


def test_a_colour_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("PNG", "JPEG", "WEBP"):
        after = marked(picture(kind, "RGB", icc_profile=profile), Format[kind])
        assert Image.open(io.BytesIO(after)).info["icc_profile"] == profile


def test_signed_provenance_is_served_as_it_is() -> None:
    png = picture("PNG", "RGB")
    chunk = (4).to_bytes(4, "big") + b"caBX" + b"jumb" + bytes(4)
    with_c2pa = png[:33] + chunk + png[33:]
    jpeg = picture("JPEG", "RGB")
    body = b"JP\0\1\0\0\0\1" + b"\0\0\0\x10jumb"
    with_app11 = jpeg[:2] + b"\xff\xeb" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]
    for data, kind in ((with_c2pa, Format.PNG), (with_app11, Format.JPEG)):
        assert carries_provenance(data, kind)
        assert marked(data, kind) == data
    assert not carries_provenance(png, Format.PNG)
    assert not carries_provenance(jpeg, Format.JPEG)
    assert not carries_provenance(picture("WEBP", "RGB"), Format.WEBP)


def test_the_packet_is_well_formed_and_says_no_more_without_a_record() -> None:
    from xml.etree import ElementTree

    for packet in (xmp_packet(), xmp_packet(RECORD)):
        inside = packet.split(b"?>", 1)[1].rsplit(b"<?", 1)[0]
        ElementTree.fromstring(inside)
    assert b"consentRecord" not in xmp_packet()
