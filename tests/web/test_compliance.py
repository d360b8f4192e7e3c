"""The evidence for card networks, its ZIP, and a reviewer who looks for a limited time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from assent.catalogue.models import Item, Screening, StoredFile
from assent.cli.people import add_member as add_member_command
from assent.core.compliance import Check
from assent.core.terms import ItemState, Role
from assent.flows.add_member import add_member
from assent.flows.decide_case import remove_in_case
from assent.flows.gather_evidence import gather_evidence
from assent.flows.publish_books import publish_books
from assent.flows.publish_root import publish_root
from assent.gateways import clock
from assent.gateways.signing import published_keys, verified
from assent.journal.models import JournalRow
from assent.ops.cashouts import check_books
from assent.people.models import Agreement
from tests.cast import Visitor, signed_in
from tests.flows.market import HOUSE, UNSURE, handed_in, in_days, notice, offered, posted

CANARY = "canary-Vera-Lindqvist-Oyelaran"


def found() -> dict[str, Check]:
    return {check.id: check for check in gather_evidence(clock.now())}


def test_req_pay_08_a_well_kept_marketplace_holds_every_rule(
    cora: Visitor, mo: Visitor, settings: Any, tmp_path: Any
) -> None:
    settings.ARBITRATOR = "An ombuds office, Example Street 1"
    settings.ACQUIRER_DIR = tmp_path
    offered(cora.member)
    publish_root()
    publish_books()
    check_books()
    assert [check.id for check in found().values() if not check.holds] == []


@pytest.mark.parametrize(
    ("broken", "how"),
    [
        ("agreement", lambda: Agreement.objects.all().delete()),
        ("review", lambda: Screening.objects.all().delete()),
        ("report", lambda: None),
        ("arbitration", lambda: None),
        ("escrow", lambda: None),
        ("log", lambda: None),
    ],
)
def test_what_is_not_so_or_not_shown_does_not_hold(
    broken: str, how: Any, cora: Visitor, settings: Any, tmp_path: Any
) -> None:
    settings.ACQUIRER_DIR = tmp_path
    offered(cora.member)
    how()
    assert not found()[broken].holds


def test_late_answers_and_late_cases_do_not_hold(cora: Visitor, rita: Visitor, mo: Visitor) -> None:
    from assent.core.reports import ReportForm, ReportKind
    from assent.flows.file_report import file_report

    file_report(ReportForm(offered(cora.member), ReportKind.SPAM, ""), None)
    notice(posted(rita.member))
    assert found()["complaints"].holds
    with in_days(10):
        assert not found()["complaints"].holds
        assert not found()["clocks"].holds


def test_the_pack_holds_its_parts_and_names_nobody(
    cora: Visitor, mo: Visitor, otto: Visitor, stranger: Visitor, settings: Any, tmp_path: Any
) -> None:
    settings.ACQUIRER_DIR = tmp_path
    listing = offered(cora.member, title=f"A fox {CANARY}")
    remove_in_case(mo.member, notice(listing, CANARY, details={"note": CANARY}).number)
    publish_root()
    publish_books()
    for visitor in (stranger, cora, mo):
        assert visitor.get("/compliance").status in (302, 403)
        assert visitor.get("/compliance/pack.zip").status in (302, 403)
    page = otto.get("/compliance")
    assert "Evidence for card networks" in page.text
    pack = zipfile.ZipFile(io.BytesIO(otto.get("/compliance/pack.zip").raw))
    names = set(pack.namelist())
    assert {"evidence.csv", "evidence.json", "agreement.json", "rules.json", "roots.json"} < names
    assert any(name.startswith("acquirer/") for name in names)
    everything = b"".join(pack.read(name) for name in names).decode()
    assert CANARY not in everything
    assert "cora" not in everything
    claims = verified(pack.read("SIGNED.jws").decode(), "assent-compliance", published_keys())
    for name, digest in claims["sha256"].items():
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest
    assert json.loads(pack.read("evidence.json"))["checks"][0]["id"] == "agreement"


def test_req_pay_04_a_reviewer_looks_behind_the_doors_and_each_look_is_kept(
    rita: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member, entry_mode="supporters")
    entry = handed_in(cora.member, bounty)
    Item.objects.filter(id=entry).update(state=ItemState.PUBLISHED)
    hidden = posted(rita.member)
    notice(hidden)
    held = posted(rita.member, UNSURE)
    until = clock.now() + timedelta(days=14)
    reviewer = signed_in(
        add_member("vic", "vic@example.org", "a password", Role.REVIEWER, by=HOUSE, until=until)
    )
    work = StoredFile.objects.get(item_id=entry, role="work").id
    assert reviewer.get("/compliance").status == 200
    assert reviewer.get(f"/entries/{entry}").status == 200
    assert reviewer.get(f"/files/{work}").status == 200
    looked = JournalRow.objects.filter(verb="reviewer.looked").order_by("seq")
    assert [(row.subject, row.data["at"]) for row in looked] == [(entry, "page"), (entry, "file")]
    for closed in (f"/bounties/{hidden}", f"/bounties/{held}", "/queue", "/cases/x"):
        assert reviewer.get(closed).status in (403, 404, 410), closed
    assert reviewer.post(f"/queue/{held}", {"action": "approve"}).status in (403, 404)
    with in_days(15):
        assert reviewer.get("/compliance").status == 403
        assert reviewer.get(f"/entries/{entry}").status == 404
        assert reviewer.get(f"/files/{work}").status in (403, 404)


def test_a_reviewer_has_a_last_day_and_nobody_else_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assent.cli.people.require_market", lambda data: None)
    words = ["vic", "--email", "v@example.org", "--password", "a long password"]
    for more in (["--role", "reviewer"], ["--days", "3"], ["--role", "reviewer", "--days", "91"]):
        assert CliRunner().invoke(add_member_command, [*words, *more]).exit_code == 2


def test_req_pay_02_the_way_to_an_arbitrator_is_open_to_everybody(
    stranger: Visitor, settings: Any
) -> None:
    assert "/arbitration" in stranger.get("/contact").html
    assert "has not named one yet" in stranger.get("/arbitration").text
    settings.ARBITRATOR = "An ombuds office"
    page = stranger.get("/arbitration").text
    assert "An ombuds office" in page
    assert "we pay" in page
