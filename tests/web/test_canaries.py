"""Words of somebody who asked for a takedown, in every field there is, and a walk over every page
and call that others can reach: not one of them comes back, nor a case number, nor a PIN."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail

from assent.api.app import api
from assent.flows.decide_case import remove_in_case
from assent.flows.file_notice import Receipt
from assent.flows.make_token import make_token
from assent.flows.publish_books import open_records, publish_books
from assent.flows.send_messages import send_messages
from assent.flows.tell_hidden import tell_hidden
from assent.gateways import books, clock
from assent.journal.models import JournalRow, Message
from tests.cast import Visitor
from tests.flows.market import offered, posted
from tests.web.test_every_page import things
from tests.web.test_routes import filled, pages

__all__ = ["things"]

WORDS = {
    "where": "canarywhere Verity Ombresong",
    "signature": "canarysignature",
    "value": "canarycontact@example.org",
    "note": "canarynote",
    "safe_times": "canarytimes",
    "language": "canarylanguage",
}
# Pages of the person who asked, which need number and PIN.
LATER = timedelta(days=2)
OWN = ("case", "case_find", "case_act", "takedown")


def told(items: list[str]) -> Receipt:
    from assent.core.notices import NoticeForm
    from assent.flows.file_notice import file_notice

    details = {k: WORDS[k] for k in ("note", "safe_times", "language")} | {
        "protect": True, "intimate": True, "danger": True, "tell_others": True,
    }  # fmt: skip
    form = NoticeForm(
        (*items, WORDS["where"]),
        "agent",
        good_faith=True,
        signature=WORDS["signature"],
        contact={"kind": "email", "value": WORDS["value"]},
        details=details,
    )
    return file_notice(form)


@pytest.fixture
def receipts(things: dict[str, str], cora: Visitor, rita: Visitor, mo: Visitor) -> list[Receipt]:
    """One case that is open and one that is decided, about things of the uploaders who look."""
    first = told([offered(cora.member, 11), posted(rita.member, "A fox to be hidden")])
    second = told([offered(cora.member, 12)])
    remove_in_case(mo.member, second.number)
    with clock.at(clock.now().replace(hour=9) + LATER):
        tell_hidden()
        send_messages()
        publish_books()
    return [first, second]


def leaks(text: str, receipts: list[Receipt]) -> list[str]:
    secrets = [*WORDS.values(), "canary", "Ombresong"]
    secrets += [one for r in receipts for one in (r.number, r.pin)]
    return [one for one in secrets if one.casefold() in text.casefold()]


def test_req_td_13_no_word_of_theirs_is_on_any_page_that_others_reach(
    receipts: list[Receipt],
    things: dict[str, str],
    stranger: Visitor,
    rita: Visitor,
    cora: Visitor,
    chris: Visitor,
    mia: Visitor,
) -> None:
    crowd = {"rita": rita, "cora": cora, "mo": mia}
    found = []
    for page in sorted(pages()):
        if page in OWN:
            continue
        address = filled(page, things, crowd)
        for who, name in (
            (stranger, "a stranger"),
            (rita, "rita"),
            (cora, "cora"),
            (chris, "chris"),
        ):
            for answer in (who.get(address), who.post(address, {})):
                text = answer.html if answer.raw[:4] != b"RIFF" else ""
                found += [(page, name, word) for word in leaks(text, receipts)]
    assert found == []


def test_req_td_13_nor_in_any_call_of_the_api(
    receipts: list[Receipt], things: dict[str, str], stranger: Visitor, cora: Visitor
) -> None:
    token = make_token("cora", "canary walk")
    found = []
    for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        if "get" not in methods or "takedowns" in path:
            continue
        ids = things | {"token_id": "1", "number": "x"}
        address = path.format(**{k: ids.get(k, "x") for k in [*ids, "listing_id", "entry_id"]})
        for headers in ({}, {"Authorization": f"Bearer {token}"}):
            answer = stranger.get(address, headers=headers)
            found += [(path, word) for word in leaks(answer.html, receipts)]
    assert found == []


def test_req_td_13_nor_in_a_letter_an_export_a_dump_a_report_or_the_journal(
    receipts: list[Receipt], cora: Visitor, rita: Visitor
) -> None:
    from assent.casework.statements import statements_of
    from assent.core.reasons.dsa import payload
    from assent.core.reasons.words import parts

    told_owners = [m for m in mail.outbox if WORDS["value"] not in m.to]
    assert told_owners, "the uploaders were told something"
    text = "".join(f"{m.subject}{m.body}{m.to}" for m in told_owners)
    text += json.dumps(
        [dict(m) for m in Message.objects.filter(case=None).values("data", "template")]
    )
    text += json.dumps(list(open_records()))
    text += "".join(str(books.read(one.name)) for one in books.reports())
    text += json.dumps(
        list(JournalRow.objects.values("actor", "verb", "subject", "rule", "data")), default=str
    )
    for who in (cora, rita):
        given = [one.statement for one in statements_of(who.member.id)]
        text += json.dumps([[parts(one), payload(one)] for one in given])
    assert leaks(text, receipts) == []


def test_the_walk_would_find_them(receipts: list[Receipt], mo: Visitor) -> None:
    """A case worker reads them, so the words are there to be found."""
    page = mo.get(f"/cases/{receipts[0].number}").html
    for word in ("canarywhere", "canarysignature", "canarynote", "canarytimes", "canarycontact"):
        assert word in page
    assert receipts[0].number in leaks(page, receipts)
