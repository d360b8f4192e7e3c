"""The board: filters and paging."""

from __future__ import annotations

import base64
import re

from assent.core.terms import WorkType
from tests.cast import Visitor
from tests.flows.market import posted


def test_filters_narrow_by_words_kind_and_state(stranger: Visitor, rita: Visitor) -> None:
    fox = posted(rita.member)
    image = posted(rita.member, "A paper crane", work_type=WorkType.IMAGE)
    cancelled = posted(rita.member, "A cancelled fox")
    rita.post(f"/bounties/{cancelled}/cancel")

    def found(query: str) -> set[str]:
        return set(re.findall(r"/bounties/([0-9a-z]{12})", stranger.get(f"/bounties{query}").main))

    assert found("") == {fox, image}
    assert found("?q=crane") == {image}
    assert found("?type=LoraCreation") == {fox}
    assert found("?state=open&q=watercolour") == {fox}
    assert found("?state=settled") == set()


def test_nothing_found_says_so_and_offers_a_way_on(stranger: Visitor) -> None:
    page = stranger.get("/bounties?q=zebra")
    assert "Nothing to show for that" in page.text
    assert "look through the bounties" in page.text


def test_paging_goes_through_everything_once(stranger: Visitor, rita: Visitor) -> None:
    posted_ids = {posted(rita.member, f"Fox {n}", credits_=10) for n in range(26)}
    first = stranger.get("/bounties?q=fox")
    (link,) = re.findall(r'href="(\?[^"]*cursor=[^"]+)"', first.main)
    second = stranger.get("/bounties" + link.replace("&amp;", "&"))
    pages = [set(re.findall(r"/bounties/([0-9a-z]{12})", p.main)) for p in (first, second)]
    assert pages[0] | pages[1] == posted_ids
    assert not pages[0] & pages[1]
    assert "Back to the start" in second.text


def test_made_up_filters_and_places_do_not_break_the_page(stranger: Visitor) -> None:
    assert stranger.get("/bounties?type=<script>&state=hidden").status == 200
    for place in ("2030-01-01T00:00:00+00:00|a\x00", "soon|aaaaaaaaaaaa", "|"):
        cursor = base64.urlsafe_b64encode(place.encode()).decode()
        assert stranger.get(f"/bounties?cursor={cursor}").status == 422
    assert stranger.get("/bounties?cursor=nonsense").status == 422
    assert stranger.get("/bounties?q=%00").status == 200
