"""Finished work on offer."""

from __future__ import annotations

from typing import Any

import pytest

from assent.catalogue.models import Item
from tests.cast import Visitor
from tests.flows.market import lora_file, notice, offered, picture_file, scanned


def form(**changes: Any) -> dict[str, Any]:
    """The form as Cora fills it in."""
    filled = {"title": "Misty hills", "description": "Soft.", "type": "LoraCreation",
              "tags": "mist", "base_model": "SDXL 1.0", "version": "1.0",
              "files": [lora_file()], "images": [picture_file()]}  # fmt: skip
    return filled | changes


def test_offered_scanned_found_and_described(stranger: Visitor, cora: Visitor) -> None:
    address = cora.post("/listings/new", form()).goes_to
    assert "We are scanning your files" in cora.get(address).text
    assert stranger.get(address).status == 404
    scanned(address.rsplit("/", 1)[1])
    assert cora.get(f"{address}/status").headers["HX-Refresh"] == "true"
    page = stranger.get(address)
    for words in ("Misty hills", "SHA-256", "SDXL 1.0", "Download"):
        assert words in page.text
    assert f'href="{address}"' in stranger.get("/listings?q=misty").main
    assert "Nothing to show for that" in stranger.get("/listings?q=zebra").text
    assert f'href="{address}"' not in stranger.get("/listings?type=ImageCreation").main


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"type": ""}, "type"),
        ({"version": ""}, "version"),
        ({"base_model": "x" * 81}, "base_model"),
        ({"files": []}, "files"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    cora: Visitor, changes: dict[str, Any], field: str
) -> None:
    page = cora.post("/listings/new", form(**changes))
    assert page.status == 422
    assert f'id="id_{field}_error"' in page.main
    assert not Item.objects.exists()


def test_a_stranger_signs_in_first(stranger: Visitor) -> None:
    assert stranger.get("/listings/new").goes_to == "/account/login/?next=%2Flistings%2Fnew"


def test_a_hidden_one_is_gone_and_in_no_list(stranger: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    notice(listing)
    for who in (stranger, cora):
        assert who.get(f"/listings/{listing}").status == 410
        assert listing not in who.get("/listings").html
        assert listing not in who.get("/users/cora").html
    assert listing not in cora.get("/mine").html
