"""C2PA manifests in sample pictures and beside files of work, read back by the library itself."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import c2pa
import pytest
from PIL import Image

from assent.catalogue.models import StoredFile
from assent.core.consent.manifest import DEPICTED, FILE, assertions
from assent.core.files.ai_mark import AI_MADE, RestsOn
from assent.gateways import provenance
from tests.cast import Page, Visitor
from tests.flows.market import handed_in, offered, posted


def read(page: Page, mime: str) -> tuple[str, dict[str, Any]]:
    """Return whether a manifest holds, and what it says by label."""
    reader = c2pa.Reader(mime, io.BytesIO(page.raw))
    told = json.loads(reader.json())
    assertions = told["manifests"][told["active_manifest"]]["assertions"]
    return reader.get_validation_state(), {one["label"]: one["data"] for one in assertions}


def file_of(item: str, role: str) -> StoredFile:
    return StoredFile.objects.filter(item_id=item, role=role)[0]


def test_req_tra_06_a_sample_picture_carries_a_manifest(stranger: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    address = f"/files/{file_of(listing, 'image').id}"
    state, said = read(stranger.get(address), "image/png")
    assert state == "Valid"
    assert said["c2pa.actions.v2"]["actions"][0]["digitalSourceType"] == AI_MADE
    assert DEPICTED not in said
    changed = bytearray(stranger.get(address).raw)
    changed[changed.find(b"IDAT") + 12] ^= 1
    assert c2pa.Reader("image/png", io.BytesIO(bytes(changed))).get_validation_state() == "Invalid"


def test_a_file_of_work_has_one_beside_it(stranger: Visitor, cora: Visitor) -> None:
    work = file_of(offered(cora.member), "work")
    page = stranger.get(f"/files/{work.id}/provenance")
    state, said = read(page, "application/x-zip")
    assert (state, said[FILE]["sha256"]) == ("Valid", work.sha256)
    with zipfile.ZipFile(io.BytesIO(page.raw)) as archive:
        statement = archive.read(f"{work.id}.assent.jws").decode()
    assert statement.count(".") == 2
    assert stranger.get(f"/files/{file_of(work.item_id, 'image').id}/provenance").status == 404
    assert "with a C2PA manifest" in cora.get(f"/listings/{work.item_id}").text


def test_only_whoever_may_download_gets_it(
    stranger: Visitor, sam: Visitor, rita: Visitor, cora: Visitor
) -> None:
    entry = handed_in(cora.member, posted(rita.member))
    address = f"/files/{file_of(entry, 'work').id}/provenance"
    assert stranger.get(address).status in (302, 403, 404)
    assert sam.get(address).status in (403, 404)
    assert cora.get(address).status == 200


def test_without_the_library_nothing_is_written(
    stranger: Visitor, cora: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "find_spec", lambda name: None)
    listing = offered(cora.member)
    work = file_of(listing, "work")
    assert stranger.get(f"/files/{work.id}/provenance").status == 404
    assert "C2PA" not in stranger.get(f"/listings/{listing}").text
    picture = stranger.get(f"/files/{file_of(listing, 'image').id}").raw
    assert b"caBX" not in picture
    assert AI_MADE.encode() in picture, "the mark in XMP needs no library"


def test_a_manifest_names_the_record_and_nobody() -> None:
    record = RestsOn("C-7K3M", "https://assent.example/consent/C-7K3M")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "WEBP")
    said = assertions(record, is_made_by_ai=True)
    written = provenance.signed_picture(picture.getvalue(), "image/webp", said)
    state, found = read(Page(200, "", {}, written), "image/webp")
    assert state == "Valid"
    assert found[DEPICTED] == {"record": record.reference, "status_url": record.status_url}
    assert set(found) == {DEPICTED, "c2pa.actions.v2"}
    assert assertions(None, is_made_by_ai=False) == []


def test_a_picture_that_takes_no_manifest_is_served_without_one(
    stranger: Visitor, cora: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object) -> bytes:
        raise c2pa.C2paError("no room in it")

    listing = offered(cora.member)
    monkeypatch.setattr(provenance, "_signed", fails)
    page = stranger.get(f"/files/{file_of(listing, 'image').id}")
    assert page.status == 200
    assert AI_MADE.encode() in page.raw


def test_key_and_certificates_come_into_place_together(tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "provenance"
    first = provenance._credentials(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["certificates.pem", "key.pem"]
    assert folder.stat().st_mode & 0o077 == 0
    provenance._make(folder)  # as a process does that began at the same time
    assert (folder / "key.pem").read_bytes() == first[1]
    assert [p.name for p in folder.parent.iterdir()] == ["provenance"]
