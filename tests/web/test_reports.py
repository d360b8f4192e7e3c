"""Reporting an item on its pages."""

from __future__ import annotations

import re

from assent.casework.reports import open_reports
from assent.core.terms import ItemState
from tests.cast import Visitor
from tests.flows.market import offered, state


def test_from_a_report_to_its_answer(
    stranger: Visitor, cora: Visitor, sam: Visitor, mo: Visitor
) -> None:
    listing = offered(cora.member)
    assert f"/report/{listing}" in stranger.get(f"/listings/{listing}").html
    page = stranger.get(f"/report/{listing}")
    assert f"/takedown?item={listing}" in page.main, "a likeness has the faster way"
    short = stranger.post(f"/report/{listing}", {"kind": "illegal", "text": "It is."})
    assert short.status == 422
    assert "It is." in short.html, "nothing that was typed is lost"
    sent = {"kind": "illegal", "text": "Words for a moderator.", "good_faith": "on"}
    page = stranger.post(f"/report/{listing}", sent)
    number, pin = re.findall(r'class="key">([A-Z0-9-]+)<', page.html)
    assert page.headers["Cache-Control"] == "no-store"
    asked = {"number": number, "pin": pin}
    assert "Nobody has decided yet" in stranger.post("/report-status", asked).text
    assert stranger.post("/report-status", {**asked, "pin": "AAAA"}).status == 404
    assert number in mo.get("/queue").html
    assert "Words for a moderator." in mo.get(f"/reports/{number}").text
    assert sam.get(f"/reports/{number}").status == 403
    assert cora.get(f"/reports/{number}").status == 403
    mo.post(f"/reports/{number}", {"action": "uphold"})
    assert state(listing) is ItemState.HIDDEN
    assert open_reports(mo.member.person) == []
    assert "You were right" in stranger.post("/report-status", asked).text
    assert stranger.get(f"/report/{listing}").status == 410
    assert "Words for a moderator." not in cora.get("/decisions").text
