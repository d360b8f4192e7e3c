"""Finding things, and not finding people."""

from __future__ import annotations

import re

import pytest

from assent.catalogue.models import SearchWord
from assent.core.terms import WorkType
from tests.cast import Visitor
from tests.flows.market import notice, offered, posted

KNOWN, PROTECTED, UNKNOWN = "Taylor Swift", "Vera Lindqvist-Oyelaran", "Zorblax Quimbleton"


def found(page: str) -> list[str]:
    """The ids of what a list shows, in its order."""
    return re.findall(r'<h2><a href="/(?:bounties|listings)/([0-9a-z]{12})"', page)


@pytest.fixture
def shop(rita: Visitor, sam: Visitor, cora: Visitor) -> dict[str, str]:
    """A few things to find."""
    return {
        "fox": posted(rita.member, credits_=300),
        "boats": posted(
            sam.member, "Watercolour lighthouses", 100, tags=("harbour", "Game Art"), days=5
        ),
        "tiles": posted(rita.member, "Café tiles", 200, work_type=WorkType.IMAGE),
        "hills": offered(cora.member, title="Misty hills in watercolour"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=lighthouse", ["boats"]),
        ("q=LIGHT", ["boats"]),
        ("q=cafe", ["tiles"]),
        ("q=watercolour", ["hills", "boats", "fox"]),
        ("q=watercolour+fox", ["fox"]),
        ("q=watercolour&kind=listing", ["hills"]),
        ("kind=bounty&type=ImageCreation", ["tiles"]),
        ("tag=game+art", ["boats"]),
        ("base=SDXL+1.0", ["hills"]),
        ("credits=200", ["tiles", "fox"]),
        ("kind=bounty&sort=credits", ["fox", "tiles", "boats"]),
        ("q=watercolour&sort=newest&state=open", ["boats", "fox"]),
    ],
)
def test_what_fits_is_found(
    stranger: Visitor, shop: dict[str, str], query: str, names: list[str]
) -> None:
    page = stranger.get(f"/search?{query}")
    ids = {item: name for name, item in shop.items()}
    assert [ids[i] for i in found(page.main)] == names


def test_the_board_ends_soonest_first(stranger: Visitor, shop: dict[str, str]) -> None:
    assert found(stranger.get("/bounties?sort=deadline").main)[0] == shop["boats"]


@pytest.mark.parametrize("sort", ["newest", "credits", "deadline"])
def test_the_parts_of_a_list_are_the_list(stranger: Visitor, rita: Visitor, sort: str) -> None:
    made = {posted(rita.member, f"A watercolour fox {n}", 10 + n // 2) for n in range(30)}
    first = stranger.get(f"/bounties?sort={sort}&q=fox")
    more = re.findall(r'href="(\?[^"]*cursor=[^"]*)" rel="next"', first.main)[0]
    assert "q=fox" in more
    second = stranger.get("/bounties" + more.replace("&amp;", "&"))
    listed = [*found(first.main), *found(second.main)]
    assert len(listed) == 30
    assert set(listed) == made


@pytest.mark.parametrize("where", ["search", "bounties", "listings"])
def test_a_search_for_a_person_gets_one_page_whoever_it_is(
    stranger: Visitor, shop: dict[str, str], where: str
) -> None:
    """REQ-MOD-08."""
    names = (KNOWN, PROTECTED, UNKNOWN, KNOWN.lower(), "t.a.y.l.o.r swift", "my ex girlfriend")
    pages = {stranger.get(f"/{where}", data={"q": name}).raw for name in names}
    assert len(pages) == 1
    page = stranger.get(f"/{where}", data={"q": KNOWN})
    assert page.status == 200
    assert 'href="/takedown"' in page.main
    assert "swift" not in page.html.lower()
    assert page.headers["Cache-Control"] == "no-store"
    # It is also what any other search gets that finds nothing.
    assert stranger.get(f"/{where}?q=xylophone").raw == page.raw
    assert stranger.get(f"/{where}", data={"tag": KNOWN}).raw == page.raw


def test_a_person_is_not_found_even_where_the_words_are(
    stranger: Visitor, rita: Visitor, shop: dict[str, str]
) -> None:
    """Both kinds of search do the same work: the look-up runs, and its result is dropped."""
    SearchWord.objects.create(item_id=shop["fox"], word="taylor")
    SearchWord.objects.create(item_id=shop["fox"], word="swift")
    page = stranger.get("/search", data={"q": KNOWN})
    assert found(page.main) == []
    assert shop["fox"] not in page.html


def test_the_answer_costs_the_same_queries_whoever_is_looked_for(
    stranger: Visitor, shop: dict[str, str]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = set()
    for name in (KNOWN, PROTECTED, UNKNOWN, "xylophone quartet"):
        with CaptureQueriesContext(connection) as asked:
            stranger.get("/search", data={"q": name})
        counts.add(len(asked))
    assert len(counts) == 1


def test_what_is_taken_down_is_not_found(stranger: Visitor, shop: dict[str, str]) -> None:
    notice(shop["boats"])
    assert found(stranger.get("/search?q=watercolour").main) == [shop["hills"], shop["fox"]]


def test_what_was_never_published_is_not_found(stranger: Visitor, rita: Visitor) -> None:
    posted(rita.member, "A mystery woman with an umbrella")
    assert "Nothing to show for that" in stranger.get("/search?q=umbrella").text


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 500, "q=%00", "q=%F0%9F%A6%8A", "q=' OR 1=1--", "credits=-1",
              "sort=nonsense", "kind=entry", "state=held", "type=x", "base=nope", "q=%E2%80%8F"]
)  # fmt: skip
def test_odd_searches_are_answered(stranger: Visitor, shop: dict[str, str], query: str) -> None:
    assert stranger.get(f"/search?{query}").status == 200
