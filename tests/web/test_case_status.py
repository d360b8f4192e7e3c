"""The status of a case: for whoever has its PIN, and no hint to anyone else."""

from __future__ import annotations

import pytest

from assent.flows.decide_case import remove_in_case
from tests.cast import Page, Visitor
from tests.flows.market import notice, posted


def asked(who: Visitor, number: str, pin: str) -> Page:
    return who.post("/case", {"number": number, "pin": pin})


def test_number_and_pin_open_it(stranger: Visitor, rita: Visitor, mo: Visitor) -> None:
    receipt = notice(posted(rita.member), "and another one")
    page = asked(stranger, receipt.number.lower(), f" {receipt.pin.lower()} ")
    assert page.status == 200
    for words in (receipt.number, "What you named is hidden: done", "It is decided: not yet",
                  "1, hidden", "A person is looking for the rest."):  # fmt: skip
        assert words in page.text
    remove_in_case(mo.member, receipt.number)
    page = asked(stranger, receipt.number, receipt.pin)
    assert "Removed for good" in page.text
    assert "TakeItDown.ftc.gov" in page.text


def test_a_wrong_pin_and_an_unknown_number_look_the_same(stranger: Visitor, rita: Visitor) -> None:
    receipt = notice(posted(rita.member))
    wrong = asked(stranger, receipt.number, "AAAA-BBBB-CCCC-DDDD")
    unknown = asked(stranger, "AAAA-BBBB-CCCC", "AAAA-BBBB-CCCC-DDDD")
    assert wrong.status == unknown.status == 404
    assert wrong.html.replace(receipt.number, "AAAA-BBBB-CCCC") == unknown.html


def test_without_a_pin_the_page_is_the_same_for_any_number(
    stranger: Visitor, rita: Visitor
) -> None:
    receipt = notice(posted(rita.member))
    known, unknown = stranger.get(f"/case/{receipt.number}"), stranger.get("/case/AAAA-BBBB-CCCC")
    assert known.status == unknown.status == 200
    assert known.html.replace(receipt.number, "AAAA-BBBB-CCCC") == unknown.html


def test_the_pin_is_in_no_address(stranger: Visitor, rita: Visitor) -> None:
    receipt = notice(posted(rita.member))
    page = asked(stranger, receipt.number, receipt.pin)
    assert receipt.pin not in page.html
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    in_address = stranger.get(f"/case/{receipt.number}?pin={receipt.pin}")
    assert in_address.main == stranger.get(f"/case/{receipt.number}").main
    assert receipt.pin not in in_address.html


@pytest.mark.parametrize("pin", ["", "x" * 61, "\x00"])
def test_nonsense_is_met_calmly(stranger: Visitor, pin: str) -> None:
    assert asked(stranger, "A", pin).status in (404, 422)


def test_it_says_nothing_of_what_the_notice_did_not_name(stranger: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member, "A fox nobody named")
    receipt = notice("the fox")
    text = asked(stranger, receipt.number, receipt.pin).text
    assert "nobody named" not in text
    assert bounty not in text
