"""Over the whole URL configuration: what a stranger gets, and what is on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from assent.catalogue.models import StoredFile
from assent.flows.post_comment import post_comment
from tests.cast import Visitor
from tests.flows.market import UNSURE, drafted, handed_in, notice, offered, posted, versioned

EXPECTED = {200, 302, 403, 404, 405, 410}
MARK = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Yield every address pattern, the API's own aside."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif "api/" not in route:
            yield from routes(pattern, route)


def addresses(ids: dict[str, str]) -> list[str]:
    """Return an address for each route, filled with ids that exist."""
    found = []
    for route in routes(get_resolver()):
        if not route.startswith("/^") and "(?P" not in route and "^" not in route:
            found.append(MARK.sub(lambda m: ids.get(m[2], "x"), route))
    return found


@pytest.fixture
def things(rita: Visitor, cora: Visitor) -> dict[str, str]:
    """One of each thing that an address may name."""
    bounty = posted(rita.member)
    entry = handed_in(cora.member, bounty)
    listing = offered(cora.member, 2)
    return {
        "bounty_id": bounty,
        "entry_id": entry,
        "listing_id": listing,
        "version_id": versioned(cora.member, listing),
        "subject_id": bounty,
        "comment_id": post_comment(cora.member, bounty, "Could the hatching be finer?")[0],
        "file_id": StoredFile.objects.filter(item_id=entry, role="image")[0].id,
        "item_id": posted(rita.member, UNSURE),
        "name": "rita",
        "number": notice(posted(rita.member, "Another fox")).number,
        "reference": "C-UNKNOWN",
        "secret": "0" * 32,
        "invitation_id": "0" * 12,
        "matter_id": "0" * 12,
        "appeal_id": "0" * 12,
        "ticket": "made-up",
        "cashout_id": "0" * 12,
        "statement_id": "0" * 12,
        "bulk_id": "0" * 12,
        "review_id": "0" * 12,
        "sale_id": "0" * 12,
    }


def test_a_stranger_gets_only_what_a_stranger_may(
    stranger: Visitor, things: dict[str, str]
) -> None:
    for path in addresses(things):
        for page in (stranger.get(path), stranger.post(path)):
            assert page.status in EXPECTED | {409, 422}, path
            if page.status == 302 and "theme" not in path and not path.startswith("/account"):
                assert re.match(r"/account/login/|/bounties/|/my-consent", page.goes_to), path


def test_the_takedown_link_is_on_every_page(
    stranger: Visitor, rita: Visitor, cora: Visitor, mo: Visitor, things: dict[str, str]
) -> None:
    extra = [f"/bounties/{drafted(rita.member)}/edit", "/nowhere"]
    for who in (stranger, rita, cora, mo):
        for path in [*addresses(things), *extra]:
            if "logout" in path:
                continue
            page = who.get(path)
            if page.html and "<html" in page.html:
                foot = page.html.partition("<footer")[2]
                head = page.html.partition("<main")[0]
                assert 'href="/takedown"' in head, path
                assert 'href="/takedown"' in foot, path


def test_the_takedown_link_is_beside_every_item(
    stranger: Visitor, rita: Visitor, cora: Visitor, mo: Visitor, things: dict[str, str]
) -> None:
    pages = [
        (stranger, "/"),
        (stranger, "/bounties"),
        (stranger, "/listings"),
        (stranger, "/users/cora"),
        (rita, "/mine"),
        (cora, "/mine"),
        (mo, "/queue"),
    ]
    for who, path in pages:
        main = who.get(path).main
        shown = set(re.findall(r'href="/(?:bounties|entries|listings|queue)/([0-9a-z]{12})"', main))
        asked = set(re.findall(r"/takedown\?item=([0-9a-z]{12})", main))
        assert shown, path
        assert shown <= asked, path


class Checker(HTMLParser):
    """Collects what a page must not have, and what must fit together."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.points_to: list[str] = []
        self.faults: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        found = dict(attrs)
        if "style" in found or any(name.startswith("on") for name in found):
            self.faults.append(f"inline style or handler in <{tag}>")
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.faults.append("inline script")
        if tag == "img" and "alt" not in found:
            self.faults.append("img without alt")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name in ("for", "aria-labelledby"):
            self.points_to += str(found.get(name) or "").split()
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_the_markup_is_sound(
    stranger: Visitor, rita: Visitor, cora: Visitor, mo: Visitor, things: dict[str, str]
) -> None:
    for who in (stranger, rita, cora, mo):
        for path in addresses(things):
            page = who.get(path)
            if page.status != 200 or "<html" not in page.html:
                continue
            checker = Checker()
            checker.feed(page.html)
            assert checker.faults == [], path
            assert len(checker.ids) == len(set(checker.ids)), path
            assert set(checker.points_to) <= set(checker.ids), path
            assert checker.headings.count(1) == 1, path
            steps = pairwise(checker.headings)
            assert all(b <= a + 1 for a, b in steps), path
