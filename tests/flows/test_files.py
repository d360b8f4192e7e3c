"""Stored files: who opens them, what is counted, and what a crash leaves behind."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from assent.catalogue import queries
from assent.catalogue.models import Listing, StoredFile
from assent.core.access import STRANGER
from assent.core.terms import ItemState, Refused, WorkType
from assent.effects.uploads import clean_name
from assent.flows.award_entry import award_entry
from assent.flows.clear_orphans import GRACE_SECONDS, clear_orphans
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.open_file import open_file
from assent.flows.publish_listing import Offer, publish_listing
from assent.gateways import clock, storage
from assent.people.queries import Member
from tests.flows.market import (
    handed_in,
    join,
    lora_file,
    offered,
    opened,
    picture_file,
    posted,
    scanned,
    state,
)


def test_a_public_listing_is_downloaded_by_anyone_and_counted(cora: Member) -> None:
    listing = queries.listing(STRANGER, offered(cora))
    for _ in range(2):
        found, stream = open_file(STRANGER, listing.works[0].id)
        with stream:
            assert (found.name, stream.read()) == ("fox.safetensors", lora_file().read())
    shown = opened(cora, listing.images[0].id)
    assert Image.open(BytesIO(shown)).tobytes() == Image.open(picture_file()).tobytes()
    assert Listing.objects.get().downloads == 2, "to look at a picture is no download"


def test_a_thumbnail_is_made_of_a_picture(cora: Member, sam: Member) -> None:
    (image,) = queries.listing(sam.person, offered(cora)).images
    small = opened(sam, image.id, thumbnail=True)
    assert small[:4] + small[8:12] == b"RIFFWEBP"


def test_the_work_of_an_entry_opens_for_nobody_before_its_award(
    rita: Member, sam: Member, cora: Member, mo: Member
) -> None:
    entry = queries.entry(rita.person, handed_in(cora, posted(rita)))
    (work,) = entry.works
    for who in (rita, sam):
        assert opened(who, entry.images[0].id)
        with pytest.raises(Refused, match="whoever awarded it"):
            opened(who, work.id)
    with pytest.raises(Refused, match="sign in"):
        open_file(STRANGER, work.id)
    for who in (cora, mo):
        assert opened(who, work.id)
    award_entry(rita, entry.item.id)
    assert opened(rita, work.id)
    with pytest.raises(Refused, match="whoever awarded it"):
        opened(sam, work.id)


def test_what_was_not_scanned_opens_for_nobody_at_all(
    rita: Member, cora: Member, mo: Member
) -> None:
    hand_in_entry(cora, posted(rita), "", [lora_file()], [picture_file()])
    for file in StoredFile.objects.all():
        for who in (cora, mo):
            with pytest.raises(Refused, match="nothing here"):
                opened(who, file.id)


def test_a_file_that_is_not_there_is_not_found(cora: Member) -> None:
    (work,) = queries.listing(cora.person, offered(cora)).works
    storage.drop(work.id)
    for file_id in (work.id, "000000000000"):
        with pytest.raises(Refused, match="nothing here"):
            opened(cora, file_id)
    assert Listing.objects.get().downloads == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("fox.safetensors", "fox.safetensors"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\fox.png", "fox.png"),
        ("a\r\nb\x00.png", "ab.png"),
        ("", "unnamed"),
        ("/", "unnamed"),
        ("räv 🦊.png", "räv 🦊.png"),
    ],
)
def test_a_file_keeps_its_name_and_no_path(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 300 + ".safetensors")
    assert len(name) <= 200
    assert name.endswith(".safetensors")


# Orphans ----------------------------------------------------------------------------------------


def left_behind(key: str, seconds_ago: float) -> None:
    """Bytes that a killed upload left this long ago."""
    storage.put(key, b"bytes")
    then = clock.now().timestamp() - seconds_ago
    os.utime(storage.path_of(key), (then, then))


def test_what_a_killed_upload_left_is_cleared_after_an_hour(cora: Member) -> None:
    clear_orphans()
    known = [f.id for f in queries.files_of([offered(cora)])]
    for file_id in known:
        left_behind(file_id, GRACE_SECONDS + 60)
    left_behind("0000000000aa", GRACE_SECONDS + 60)
    left_behind("0000000000aa.webp", GRACE_SECONDS + 60)
    left_behind("0000000000bb", GRACE_SECONDS - 60)
    assert clear_orphans() == 1
    assert clear_orphans() == 0
    stored = {file_id for file_id, _ in storage.stored_ids()}
    assert "0000000000aa" not in stored
    assert {*known, "0000000000bb"} <= stored
    storage.drop("0000000000bb")


def test_half_received_uploads_are_cleared_after_an_hour() -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, young = folder / "old.upload.bin", folder / "young.upload.bin"
    for path, seconds_ago in ((old, GRACE_SECONDS + 60), (young, GRACE_SECONDS - 60)):
        path.touch()
        then = clock.now().timestamp() - seconds_ago
        os.utime(path, (then, then))
    assert clear_orphans() == 1
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


def prompted(prompt: str) -> SimpleUploadedFile:
    """A sample picture with the prompt that it was made from."""
    info, out = PngImagePlugin.PngInfo(), BytesIO()
    info.add_text("parameters", f"{prompt}\nNegative prompt: ugly\nSteps: 20")
    Image.new("RGB", (80, 60), "teal").save(out, "PNG", pnginfo=info)
    return SimpleUploadedFile("sample.png", out.getvalue())


@pytest.mark.parametrize(
    ("prompt", "ends"),
    [
        ("a fox in the snow, watercolour, best quality", ItemState.PUBLISHED),
        ("1girl, solo, long hair, looking at viewer", ItemState.PUBLISHED),
        ("portrait of Taylor Swift on stage", ItemState.REFUSED),
        ("<lora:emma_watson_v1:0.8> smiling", ItemState.REFUSED),
    ],
)
def test_the_prompt_in_a_sample_picture_is_evidence(prompt: str, ends: ItemState) -> None:
    cora = join("cora")
    offer = Offer("Misty hills", "", WorkType.LORA, ("mist",), "SDXL 1.0")
    listing = publish_listing(cora, offer, [lora_file(3)], [prompted(prompt)])
    assert state(scanned(listing)) is ends
