"""Every page, asked for by everyone, as one table: `routes.txt` beside this file.

Each line is a page, read from the URL configuration, and a method; each column is somebody. A page
without a line fails, and so does a cell that is not what happened. A new page: run

    python -m pytest tests/web/test_routes.py --write-routes

and then *read* the new lines. Is that what a stranger, another member, the wrong owner, an auditor
and a moderator without a second factor should get? The table is what was found right, not what was
found.

    200 …   the status          in    to the sign-in page      2f    to the second factor
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from assent.casework.models import BulkItem
from assent.casework.statements import statements_of
from assent.catalogue.models import StoredFile
from assent.core.bulk import Pick
from assent.core.ledger import ISSUE, Cause, Payment
from assent.core.ledger import member as wallet_of
from assent.core.official import MatterForm, MatterKind
from assent.core.reports import ReportForm, ReportKind
from assent.core.terms import Role
from assent.flows.appeal_decision import appeal_decision
from assent.flows.ask_cashout import ask_cashout
from assent.flows.decide_bulk import decide_bulk
from assent.flows.file_report import file_report
from assent.flows.grant_credits import grant_credits
from assent.flows.keep_matter import write_matter
from assent.flows.preview_bulk import preview_bulk
from assent.gateways import clock
from assent.ledger import post
from assent.ledger.cashouts import cashouts_of
from assent.people.queries import Member
from tests.cast import Page, Visitor
from tests.flows.cashing import confirmed
from tests.flows.consents import agreed, invited
from tests.flows.market import HOUSE, SINGER, UNSURE, drafted, join, notice, posted
from tests.web.test_every_page import things

__all__ = ["things"]

TABLE = Path(__file__).with_name("routes.txt")
COLUMNS = ("stranger", "chris", "rita", "cora", "ada", "resting", "mo")
HEAD = f"""\
# Who gets what from every page; see test_routes.py. `things` are rita's bounties, and cora's entry,
# listing and files; chris has nothing here; ada is an auditor, mo a moderator, and `resting` a
# moderator who has not proved a second factor.
{"page":<40}{"method":<7}{"".join(f"{c:<9}" for c in COLUMNS)}
"""
# The same page once more with another thing in its address.
VARIANTS = (
    "bounty/held",
    "bounty/hidden",
    "bounty_edit/draft",
    "file/work",
    "file_provenance/work",
    "file_statement/work",
    "held/own",
)


# What is sent where a form that is merely empty would hide who may send it.
SENT = {
    "held": {"action": "approve"},
    "held/own": {"action": "approve"},
    "quality_one": {"action": "approve"},
    "cashout": {"action": "approve"},
    "bounty_pledge": {"credits": "10"},
    "report_work": {"action": "keep"},
    "appeal_work": {"action": "stand", "reason": "It stands."},
}


def routes(
    patterns: list[URLPattern | URLResolver], before: str = "/"
) -> Iterator[tuple[str, str]]:
    """Yield (name, address with `{name}` for what it names) of every page; the API's calls are in
    `tests/api/test_routes.py`."""
    for pattern in patterns:
        own = str(pattern.pattern)
        if isinstance(pattern.pattern, RegexPattern):
            own = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", own).strip("^$")
        address = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", own)
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from routes(pattern.url_patterns, address)
        else:
            assert pattern.name, f"{address} has no name"
            yield pattern.name, address


@cache
def pages() -> dict[str, str]:
    """Return the address of every page and variant."""
    named = dict(routes(get_resolver().url_patterns))
    return named | {variant: named[variant.partition("/")[0]] for variant in VARIANTS}


def lines() -> dict[str, str]:
    """Return what the table says, by page and method."""
    found = TABLE.read_text().splitlines() if TABLE.exists() else []
    kept = [line for line in found if line and not line.startswith(("#", "page "))]
    return {" ".join(line.split()[:2]): " ".join(line.split()[2:]) for line in kept}


def test_the_table_has_every_page_and_no_other() -> None:
    named = {line.split()[0] for line in lines()}
    assert sorted(set(pages()) - named) == [], "a page without a line: read test_routes.py"
    assert sorted(named - set(pages())) == [], "a line without a page"
    assert len(lines()) == 2 * len(pages()), "GET and POST of each"


@pytest.fixture
def crowd(things: dict[str, str], request: pytest.FixtureRequest) -> dict[str, Visitor]:
    """Everybody, each at a browser of their own."""
    names = [name for name in COLUMNS if name != "resting"]
    found = {name: request.getfixturevalue(name) for name in names}
    resting = Client(raise_request_exception=False)
    mona = join("mona", role=Role.MODERATOR)
    resting.force_login(get_user_model().objects.get(pk=mona.id))
    return found | {"resting": Visitor(resting, mona)}


def filled(page: str, things: dict[str, str], crowd: dict[str, Visitor]) -> str:
    """Return the page's address with things in it that exist."""
    rita = crowd["rita"].member
    ids = things | {"pk": "1", "key": "unknown", "uidb36": "1"} | of_wallet(page, rita)
    ids |= {"matter_id": written(crowd["mo"].member)} if page == "matter" else {}
    ids |= decided_by(things["item_id"]) if page in ("bulk_done", "quality_one") else {}
    if page == "bounty/held":
        ids["bounty_id"] = things["item_id"]
    elif page == "bounty/hidden":
        ids["bounty_id"] = posted(rita, "A third fox")
        notice(ids["bounty_id"])
    elif page == "bounty_edit/draft":
        ids["bounty_id"] = drafted(rita)
    elif page in ("file/work", "file_statement/work", "file_provenance/work"):
        work = StoredFile.objects.filter(item_id=things["entry_id"], role="work")[0]
        ids["file_id"] = work.id
    elif page == "held/own":
        mo = crowd["mo"].member
        grant_credits(mo.party, 50, "for-mo", by=HOUSE)
        ids["item_id"] = posted(mo, UNSURE, 50)
    elif page in ("decision", "appeal_work"):
        posted(rita, SINGER)
        ids["statement_id"] = statements_of(rita.id)[0].statement.id
        if page == "appeal_work":
            ids["appeal_id"] = appeal_decision(rita, ids["statement_id"], "")
    elif page == "report_work":
        spam = ReportForm(things["bounty_id"], ReportKind.SPAM, "")
        ids["number"] = file_report(spam, None).number
    elif page == "vouch":
        ids["invitation_id"] = agreed(invited(rita)).id
    address = pages()[page]
    unknown = set(re.findall(r"{(\w+)}", address)) - set(ids)
    assert not unknown, f"put {unknown} into the fixture `things`"
    return address.format(**ids)


def decided_by(held: str) -> dict[str, str]:
    """What another moderator refused with others, once for each test, and what was drawn of it."""
    known = BulkItem.objects.filter(decision__isnull=False).first()
    if known is None:
        mira = join("mira", role=Role.MODERATOR)
        picks = [Pick(item.id, seen.mark) for item, seen in preview_bulk(mira, [held])]
        with override_settings(QUALITY_SHARE=100):
            decide_bulk(mira, picks, approve=False, reason="Seen.")
        known = BulkItem.objects.get()
    return {"bulk_id": known.bulk_id, "review_id": str(known.decision_id)}


def written(mo: Member) -> str:
    """An order that a moderator wrote down."""
    order = MatterForm(
        MatterKind.ACT, "DE", "STATEMENT_CATEGORY_CYBER_VIOLENCE", "A court", "", "", clock.now()
    )
    return write_matter(mo, order)


def of_wallet(page: str, who: Member) -> dict[str, str]:
    """What the addresses of a wallet name."""
    if page in ("cashout", "cash_out_back"):
        return {"cashout_id": asked_by(who)}
    return {"name": f"{clock.now():%Y-%m}.csv"} if page == "statement" else {}


def asked_by(who: Member) -> str:
    """A cash-out that this member asked for, once for each test."""
    if known := cashouts_of(who.id):
        return known[0].id
    with TemporaryDirectory() as folder, override_settings(PAYMENTS="sandbox", SANDBOX_DIR=folder):
        earned = Payment("earned", ISSUE, wallet_of(who.key), 1500, Cause.PAYOUT, "test")
        with transaction.atomic():
            post.pay([earned], clock.now())
        confirmed(who)
        return ask_cashout(who, 1000).id


def cell(page: Page) -> str:
    """Return how an answer stands in the table."""
    if page.status == 302 and page.goes_to.startswith("/account/login/"):
        return "in"
    if page.status == 302 and page.goes_to.startswith("/account/2fa/"):
        return "2f"
    return str(page.status)


@pytest.mark.parametrize("page", sorted(pages()))
def test_everyone_gets_from_a_page_what_the_table_says(
    page: str, things: dict[str, str], crowd: dict[str, Visitor], request: pytest.FixtureRequest
) -> None:
    path = filled(page, things, crowd)
    got = {}
    for method in ("get", "post"):
        more = [SENT[page]] if method == "post" and page in SENT else []
        cells = [cell(getattr(crowd[name], method)(path, *more)) for name in COLUMNS]
        got[f"{page} {method.upper()}"] = " ".join(cells)
    if request.config.getoption("--write-routes"):
        write(got)
    said = {line: cells for line, cells in lines().items() if line.split()[0] == page}
    assert got == said


def write(got: dict[str, str]) -> None:
    """Put these lines into the table."""
    rows = []
    for line, cells in sorted((lines() | got).items()):
        page, method = line.split()
        if page in pages():
            row = f"{page:<40}{method:<7}{''.join(f'{c:<9}' for c in cells.split())}"
            rows.append(row.rstrip())
    TABLE.write_text(HEAD + "\n".join(rows) + "\n")
