"""Versions of a listing, its licence, and taking it back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assent.catalogue.bulk import scan_contexts
from assent.catalogue.context import scan_context
from assent.catalogue.models import Item, Listing, StoredFile
from assent.core.terms import ItemState
from assent.flows.post_comment import post_comment
from tests.cast import Visitor
from tests.flows.market import (
    handed_in,
    lora_file,
    notice,
    offered,
    picture_file,
    posted,
    scanned,
    versioned,
)


def form(**changes: Any) -> dict[str, Any]:
    filled = {"version": "2.0", "note": "Softer edges.", "files": [lora_file(9)],
              "images": [picture_file(9)]}  # fmt: skip
    return filled | changes


def state(item: str) -> ItemState:
    return ItemState(Item.objects.get(id=item).state)


def test_scanned_screened_and_shown_beside_the_first(stranger: Visitor, cora: Visitor) -> None:
    hills = offered(cora.member)
    address = cora.post(f"/listings/{hills}/versions/new", form()).goes_to
    version = address.rsplit("/", 1)[1]
    assert "We are scanning your files" in cora.get(address).text
    assert stranger.get(address).status == 404
    assert version not in stranger.get(f"/listings/{hills}").main
    scanned(version)
    page = stranger.get(f"/listings/{hills}")
    assert "Version 2.0 Latest" in page.text
    assert "Softer edges." in page.text
    assert "Latest version 2.0" in page.text
    file = StoredFile.objects.get(item_id=version, role="work").id
    assert stranger.get(f"/files/{file}").status == 200
    assert "1 download" in stranger.get(address).text
    assert f'href="/takedown?item={version}"' in page.main


def test_what_names_a_person_is_refused_and_the_first_stays(
    stranger: Visitor, cora: Visitor
) -> None:
    hills = offered(cora.member)
    version = versioned(cora.member, hills, note="Now with the face of Taylor Swift.")
    assert state(version) is ItemState.REFUSED
    assert "This was not published" in cora.get(f"/versions/{version}").text
    assert stranger.get(f"/versions/{version}").status == 404
    assert "Swift" not in stranger.get(f"/listings/{hills}").text
    assert stranger.get(f"/listings/{hills}").status == 200


def test_a_version_is_taken_down_alone_and_goes_with_its_listing(
    stranger: Visitor, cora: Visitor
) -> None:
    hills = offered(cora.member)
    second = versioned(cora.member, hills)
    third = versioned(cora.member, hills, "3.0", seed=8)
    file = StoredFile.objects.get(item_id=third, role="work").id
    notice(f"/versions/{second}")
    assert stranger.get(f"/versions/{second}").status == 410
    page = stranger.get(f"/listings/{hills}")
    assert (page.status, second in page.main, third in page.main) == (200, False, True)
    notice(hills)
    assert stranger.get(f"/versions/{third}").status == 410
    assert stranger.get(f"/files/{file}").status == 410


def test_only_its_creator_adds_and_withdraws(
    stranger: Visitor, cora: Visitor, chris: Visitor, mo: Visitor
) -> None:
    hills = offered(cora.member)
    second = versioned(cora.member, hills)
    paths = (f"/listings/{hills}/versions/new", f"/listings/{hills}/withdraw",
             f"/versions/{second}/withdraw")  # fmt: skip
    for path in paths:
        assert "/account/login/" in stranger.post(path, form()).goes_to
        for who in (chris, mo):
            assert who.post(path, form()).status == 403
    assert cora.post(f"/versions/{second}/withdraw").goes_to == f"/listings/{hills}"
    assert stranger.get(f"/versions/{second}").status == 404
    third = versioned(cora.member, hills, "2.0", seed=8)
    cora.post(f"/listings/{hills}/withdraw")
    for path in (f"/listings/{hills}", f"/versions/{third}"):
        assert stranger.get(path).status == 404
    assert hills not in stranger.get("/listings").main
    assert cora.get(f"/listings/{hills}").status == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"version": ""}, "version"),
        ({"version": "1.0"}, "version"),
        ({"version": "x" * 41}, "version"),
        ({"note": "x" * 5001}, "note"),
        ({"files": []}, "files"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    cora: Visitor, changes: dict[str, Any], field: str
) -> None:
    page = cora.post(f"/listings/{offered(cora.member)}/versions/new", form(**changes))
    assert page.status == 422
    assert f'id="id_{field}_error"' in page.main


def test_a_licence_is_shown(stranger: Visitor, cora: Visitor) -> None:
    hills = offered(cora.member)
    assert "Not said: ask its creator" in stranger.get(f"/listings/{hills}").text
    Listing.objects.filter(item_id=hills).update(licence="CC-BY-4.0")
    assert "CC BY 4.0: name the creator" in stranger.get(f"/listings/{hills}").text
    names = re.findall(r'<option value="([^"]*)"', cora.get("/listings/new").main)
    assert {"CC0-1.0", "CC-BY-4.0", "reserved"} <= set(names)


def test_many_are_read_as_one_is(rita: Visitor, cora: Visitor) -> None:
    hills, fox = offered(cora.member), posted(rita.member)
    ids = [
        hills,
        fox,
        handed_in(cora.member, fox),
        versioned(cora.member, hills),
        post_comment(rita.member, hills, "Which size?")[0],
        post_comment(cora.member, fox, "Which paper?")[0],
    ]
    assert scan_contexts(ids) == {item: scan_context(item) for item in ids}
