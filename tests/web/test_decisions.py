"""Statements of reasons and objections on their pages."""

from __future__ import annotations

from assent.casework.statements import open_appeals, statements_of
from assent.core.terms import ItemState
from assent.flows.decide_held import decide_held
from tests.cast import Visitor
from tests.flows.market import UNSURE, posted, state


def test_from_a_refusal_to_a_second_look(
    rita: Visitor, sam: Visitor, stranger: Visitor, mo: Visitor, mia: Visitor
) -> None:
    bounty = posted(rita.member, UNSURE)
    decide_held(mo.member, bounty, approve=False, reason="A private note on how to change it.")
    about = statements_of(rita.member.id)[0].statement.id
    assert f"/decisions/{about}" in rita.get(f"/bounties/{bounty}").html
    assert about in rita.get("/decisions").html
    page = rita.get(f"/decisions/{about}")
    for words in ("What was done", "House rule", "Who decided", "free of charge"):
        assert words in page.text
    assert "A private note" not in page.text
    assert sam.get(f"/decisions/{about}").status == 404
    assert stranger.get(f"/decisions/{about}").goes_to.startswith("/account/login/")
    assert rita.post(f"/decisions/{about}", {"text": "x" * 5001}).status == 422
    rita.post(f"/decisions/{about}", {"text": "I made her up."})
    (waiting,) = open_appeals()
    assert "Somebody looks again" in rita.get(f"/decisions/{about}").text
    assert f"/appeals/{waiting.id}" in mia.get("/queue").html
    assert "has to answer" in mo.get(f"/appeals/{waiting.id}").text
    assert "I made her up." in mia.get(f"/appeals/{waiting.id}").text
    assert sam.get(f"/appeals/{waiting.id}").status == 403
    assert mia.post(f"/appeals/{waiting.id}", {"action": "reverse", "reason": ""}).status == 422
    mia.post(f"/appeals/{waiting.id}", {"action": "reverse", "reason": "Plainly invented."})
    assert state(bounty) is ItemState.HELD
    page = rita.get(f"/decisions/{about}")
    assert "You were right" in page.text
    assert "Plainly invented." in page.text
