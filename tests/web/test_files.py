"""Downloads and sample images."""

from __future__ import annotations

import pytest

from assent.catalogue.models import Listing, StoredFile
from tests.cast import Visitor
from tests.flows.market import handed_in, lora_file, notice, offered, posted


def file_of(item: str, role: str) -> str:
    return StoredFile.objects.get(item_id=item, role=role).id


def test_a_download_is_saved_under_its_name_and_counted(stranger: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    page = stranger.get(f"/files/{file_of(listing, 'work')}")
    assert page.status == 200
    assert page.headers["Content-Disposition"] == 'attachment; filename="fox.safetensors"'
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.raw == lora_file().read()
    assert Listing.objects.get(item_id=listing).downloads == 1


def test_a_sample_image_has_its_own_type_and_a_thumbnail(stranger: Visitor, cora: Visitor) -> None:
    image = file_of(offered(cora.member), "image")
    whole, small = stranger.get(f"/files/{image}"), stranger.get(f"/files/{image}/thumb")
    assert whole.headers["Content-Type"] == "image/png"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert (small.headers["Content-Type"], small.raw[8:12]) == ("image/webp", b"WEBP")


def test_a_browser_asks_again_each_time(stranger: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    thumb = f"/files/{file_of(listing, 'image')}/thumb"
    first = stranger.get(thumb)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert stranger.get(thumb, headers=again).status == 304
    notice(listing)
    assert stranger.get(thumb, headers=again).status == 410


def test_work_has_no_thumbnail(stranger: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    assert stranger.get(f"/files/{file_of(listing, 'work')}/thumb").status == 404
    assert Listing.objects.get(item_id=listing).downloads == 0


def test_work_handed_in_is_closed_to_all_but_its_creator_and_moderators(
    stranger: Visitor, rita: Visitor, sam: Visitor, cora: Visitor, mo: Visitor
) -> None:
    work = f"/files/{file_of(handed_in(cora.member, posted(rita.member)), 'work')}"
    assert stranger.get(work).goes_to.startswith("/account/login/")
    assert [v.get(work).status for v in (rita, sam, cora, mo)] == [403, 403, 200, 200]


@pytest.mark.parametrize("path", ["/files/{}", "/files/{}/thumb"])
def test_a_hidden_file_is_gone_with_no_store(
    stranger: Visitor, cora: Visitor, mo: Visitor, path: str
) -> None:
    listing = offered(cora.member)
    image = path.format(file_of(listing, "image"))
    notice(listing)
    for who in (stranger, cora):
        page = who.get(image)
        assert (page.status, page.headers["Cache-Control"]) == (410, "no-store")
    assert mo.get(image).status == 200


def test_unknown_files_are_not_found(stranger: Visitor) -> None:
    for path in ("/files/000000000000", "/files/000000000000/thumb", "/files/../../etc/passwd"):
        assert stranger.get(path).status == 404
