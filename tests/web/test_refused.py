"""The page that tells a requester no."""

from __future__ import annotations

from assent.flows.decide_held import decide_held
from tests.cast import Visitor
from tests.flows.market import SINGER, UNSURE, posted


def test_it_marks_the_very_words_and_says_what_to_do_next(rita: Visitor) -> None:
    bounty = posted(rita.member, SINGER, description="As on her last <album>, please.")
    page = rita.get(f"/bounties/{bounty}")
    assert page.status == 200
    assert "<mark>Taylor Swift</mark>" in page.main
    assert "&lt;album&gt;" in page.main
    for words in ("Nothing was charged.", "How consent works", "What you can do next"):
        assert words in page.text


def test_nobody_else_sees_it(stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor) -> None:
    bounty = posted(rita.member, SINGER)
    statuses = [v.get(f"/bounties/{bounty}").status for v in (stranger, sam, mo)]
    assert statuses == [404, 404, 200]


def test_a_moderators_no_shows_their_reason_and_no_marks(rita: Visitor, mo: Visitor) -> None:
    bounty = posted(rita.member, UNSURE)
    decide_held(mo.member, bounty, approve=False, reason="Please ask for a drawing instead.")
    page = rita.get(f"/bounties/{bounty}")
    assert "Please ask for a drawing instead." in page.text
    assert "by a moderator" in page.text
    assert "How consent works" not in page.text
