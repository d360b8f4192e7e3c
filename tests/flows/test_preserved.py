"""What shows an apparent minor: sealed, kept, opened by nobody here, reported by explicit word."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyrage
import pytest
from click.testing import CliRunner

from assent.casework.preserved import everything_preserved, preserved
from assent.catalogue.models import StoredFile
from assent.cli import minors
from assent.core.preserving import INCIDENT, PRESERVED_FOR, Tip, faults, tip_xml
from assent.core.terms import Refused
from assent.flows.clear_orphans import clear_orphans
from assent.flows.decide_case import remove_in_case
from assent.flows.mark_minor import mark_minor
from assent.flows.preserve_minor import (
    erase_preserved,
    extend_preservation,
    hand_on,
    seal_due,
)
from assent.gateways import clock, quarantine, storage
from assent.journal.models import JournalRow, Message
from assent.people.queries import Member
from tests.flows.market import handed_in, in_days, notice, offered, posted

CANARY = "canary-Vera-Lindqvist-Oyelaran"


@pytest.fixture(autouse=True)
def no_registry(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> pyrage.x25519.Identity:
    """A key whose secret half the tests alone have."""
    identity = pyrage.x25519.Identity.generate()
    settings.QUARANTINE_KEY = str(identity.to_public())
    settings.QUARANTINE_DIR = tmp_path / "quarantine"
    settings.CONTACT_MAIL = "duty@market.example"
    monkeypatch.setattr("assent.cli.minors.require_market", lambda data: None)
    return identity


@pytest.fixture
def case(cora: Member) -> str:
    """A request about somebody who may be under 18, with canaries in every field."""
    details = {"under_18": True, "note": CANARY}
    contact = {"kind": "email", "value": f"{CANARY}@example.org"}
    return notice(offered(cora), CANARY, details=details, contact=contact).number


def stored() -> dict[str, bytes]:
    return {f.id: storage.path_of(f.id).read_bytes() for f in StoredFile.objects.all()}


def test_req_mod_12_removing_seals_and_nothing_unsealed_is_left(
    case: str, mo: Member, no_registry: pyrage.x25519.Identity
) -> None:
    before = stored()
    assert len(before) == 2
    remove_in_case(mo, case)
    assert len(everything_preserved()) == 2
    assert seal_due() == 2
    assert seal_due() == 0
    for file_id, content in before.items():
        assert not storage.path_of(file_id).exists()
        assert not storage.path_of(f"{file_id}.webp").exists()
        sealed = quarantine.path_of(file_id).read_bytes()
        assert content[:64] not in sealed
        assert pyrage.decrypt(sealed, [no_registry]) == content
        assert quarantine.path_of(file_id).stat().st_mode & 0o077 == 0


def test_a_file_of_an_ordinary_case_is_deleted_as_before(cora: Member, mo: Member) -> None:
    remove_in_case(mo, notice(offered(cora)).number)
    assert everything_preserved() == []
    assert not any(storage.path_of(f.id).exists() for f in StoredFile.objects.all())


def test_a_case_that_a_worker_marks_counts_too(cora: Member, mo: Member) -> None:
    number = notice(offered(cora)).number
    mark_minor(mo, number)
    remove_in_case(mo, number)
    assert len(everything_preserved()) == 2


def test_what_cannot_be_sealed_stays_and_is_tried_again(
    case: str, mo: Member, settings: Any
) -> None:
    remove_in_case(mo, case)
    good, settings.QUARANTINE_KEY = settings.QUARANTINE_KEY, "age1nonsense"
    assert seal_due() == 0
    clear_orphans()
    assert all(storage.path_of(f.id).exists() for f in StoredFile.objects.all())
    settings.QUARANTINE_KEY = good
    assert seal_due() == 2


def test_without_a_key_of_the_operators_a_pair_is_made_and_it_is_said(
    case: str, mo: Member, settings: Any, tmp_path: Path
) -> None:
    settings.QUARANTINE_KEY, settings.DATA_DIR = "", tmp_path
    remove_in_case(mo, case)
    assert seal_due() == 2
    assert (tmp_path / "keys" / "quarantine.age").stat().st_mode & 0o077 == 0
    told = CliRunner().invoke(minors.quarantine, []).output
    assert "who has this disk can open" in told
    assert told.count("sealed\n") == 2


def test_it_is_kept_for_a_year_and_longer_where_an_authority_asks(case: str, mo: Member) -> None:
    remove_in_case(mo, case)
    seal_due()
    first, second = (one.file for one in everything_preserved())
    extend_preservation(first, 100)
    with pytest.raises(Refused):
        extend_preservation(first, 1826)
    with in_days(PRESERVED_FOR.days - 1):
        assert erase_preserved() == 0
    with in_days(PRESERVED_FOR.days + 1):
        assert erase_preserved() == 1
        assert not quarantine.path_of(second).exists()
        assert quarantine.path_of(first).exists()
        with pytest.raises(Refused):
            hand_on(second)
    with in_days(PRESERVED_FOR.days + 101):
        assert erase_preserved() == 1
        assert erase_preserved() == 0
    found = preserved(first)
    assert found is not None
    assert found.erased_at is not None


def test_handing_on_gives_sealed_bytes_and_is_written_down(
    case: str, mo: Member, tmp_path: Path, no_registry: pyrage.x25519.Identity
) -> None:
    remove_in_case(mo, case)
    seal_due()
    file_id = everything_preserved()[0].file
    out = tmp_path / "for-the-police.age"
    done = CliRunner().invoke(minors.quarantine, ["--hand-on", file_id, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert pyrage.decrypt(out.read_bytes(), [no_registry])
    assert JournalRow.objects.get(verb="preserved.handed_on").subject == file_id
    for wrong in (["--hand-on", file_id], ["--extend", file_id], ["--hand-on", "x", "--out", "y"]):
        assert CliRunner().invoke(minors.quarantine, wrong).exit_code == 2
    done = CliRunner().invoke(minors.quarantine, ["--extend", file_id, "--days", "30"])
    assert "Preserved until" in done.output


def test_the_uploader_hears_nothing_of_it(case: str, mo: Member, cora: Member) -> None:
    before = Message.objects.filter(user_id=cora.id).count()
    remove_in_case(mo, case)
    seal_due()
    assert Message.objects.filter(user_id=cora.id).count() == before


# The report --------------------------------------------------------------------------------------


def test_the_report_has_what_is_documented_and_no_word_of_whoever_asked(
    case: str, mo: Member, cora: Member, tmp_path: Path
) -> None:
    remove_in_case(mo, case)
    seal_due()
    done = CliRunner().invoke(minors.cybertip, [case, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "Nothing was sent." in done.output
    xml = (tmp_path / f"tip-{case}-1.xml").read_bytes()
    assert CANARY.encode() not in xml
    root = ET.fromstring(xml)
    assert root.findtext("incidentSummary/incidentType") == INCIDENT
    assert root.findtext("personOrUserReported/screenName") == "cora"
    assert root.findtext("personOrUserReported/espIdentifier") == cora.key
    assert "/listings/" in (root.findtext("internetDetails/webPageIncident/url") or "")
    told = root.findtext("additionalInfo") or ""
    assert "generative AI" in told
    for one in everything_preserved():
        assert one.sha256 in told
    assert not JournalRow.objects.filter(verb="case.reported").exists()


def test_each_uploader_has_a_report_of_their_own(
    rita: Member, cora: Member, mo: Member, tmp_path: Path
) -> None:
    bounty = posted(rita)
    handed_in(cora, bounty)
    number = notice(bounty, details={"under_18": True}).number
    done = CliRunner().invoke(minors.cybertip, [number, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    names = {ET.parse(p).getroot().findtext("personOrUserReported/screenName")
             for p in tmp_path.glob("tip-*.xml")}  # fmt: skip
    assert names == {"rita", "cora"}


def test_there_is_a_report_for_such_a_case_alone(cora: Member, tmp_path: Path) -> None:
    ordinary = notice(offered(cora)).number
    empty = notice("A description", details={"under_18": True}).number
    for number in (ordinary, empty, "NOBODY"):
        done = CliRunner().invoke(minors.cybertip, [number, "--out", str(tmp_path)])
        assert done.exit_code == 2, done.output
    done = CliRunner().invoke(minors.cybertip, [ordinary, "--out", "x", "--production"])
    assert done.exit_code == 2


GOOD = Tip(
    clock.now(), "duty@market.example", "https://market.example/contact",
    ("https://market.example/listings/x",), "key", "cora", ("ab" * 32,), True,
)  # fmt: skip


def test_what_the_documentation_does_not_allow_is_found() -> None:
    xml = tip_xml(GOOD)
    assert faults(xml) == []
    text = xml.decode()
    wrong = {
        "kind of incident": text.replace(INCIDENT, "Something else"),
        "time of the incident": re.sub(r"(incidentDateTime>)[^<]+", r"\g<1>yesterday", text),
        "reporter’s address": text.replace("duty@market.example", "nobody"),
        "screenName is longer": text.replace(">cora<", f">{'c' * 257}<"),
        "wrong place": text.replace("<reporter>", "<victim /><reporter>"),
        "not a report": text.replace("<report ", "<tip ").replace("</report>", "</tip>"),
    }
    for said, broken in wrong.items():
        assert said in " ".join(faults(broken.encode())), said


class Tipline(HTTPServer):
    """A stand-in that opens and closes reports, as documented."""

    opened: list[bytes]
    finished: list[str]
    code = "0"


class Handler(BaseHTTPRequestHandler):
    server: Tipline

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = "Basic " + base64.b64encode(b"esp:secret").decode()
        if self.headers["Authorization"] != right:
            return self._say(401, "1")
        if self.path == "/submit":
            assert self.headers["Content-Type"] == "text/xml; charset=utf-8"
            self.server.opened.append(body)
            return self._say(200, self.server.code, "<reportId>4564654</reportId>")
        assert self.path == "/finish"
        self.server.finished.append("4564654" if b"4564654" in body else "")
        return self._say(200, self.server.code)

    def _say(self, status: int, code: str, more: str = "") -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(
            f"<reportResponse><responseCode>{code}</responseCode>{more}</reportResponse>".encode()
        )

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def tipline(settings: Any) -> Iterator[Tipline]:
    """A stand-in that listens."""
    server = Tipline(("127.0.0.1", 0), Handler)
    server.opened, server.finished = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.NCMEC_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    settings.NCMEC_USER, settings.NCMEC_PASSWORD = "esp", "secret"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_only_an_explicit_word_sends_it(
    case: str, mo: Member, tipline: Tipline, tmp_path: Path, settings: Any
) -> None:
    words = [case, "--out", str(tmp_path)]
    CliRunner().invoke(minors.cybertip, words)
    assert tipline.opened == []
    done = CliRunner().invoke(minors.cybertip, [*words, "--send"])
    assert done.exit_code == 0, done.output
    assert "Report 4564654 of the test service." in done.output
    assert tipline.finished == ["4564654"]
    row = JournalRow.objects.get(verb="case.reported")
    assert row.data == {"report": "4564654", "test": True}
    for broken in ({"NCMEC_PASSWORD": "wrong"}, {"NCMEC_USER": ""},
                   {"NCMEC_ADDRESS": "http://127.0.0.1:1"}):  # fmt: skip
        for name, value in broken.items():
            setattr(settings, name, value)
        failed = CliRunner().invoke(minors.cybertip, [*words, "--send"])
        assert failed.exception is not None
    assert JournalRow.objects.filter(verb="case.reported").count() == 1


def test_a_report_that_is_not_taken_is_not_written_down_as_sent(
    case: str, tipline: Tipline, tmp_path: Path
) -> None:
    tipline.code = "4100"
    done = CliRunner().invoke(minors.cybertip, [case, "--out", str(tmp_path), "--send"])
    assert "its code is 4100" in str(done.exception)
    assert not JournalRow.objects.filter(verb="case.reported").exists()


def test_the_year_is_the_laws(case: str, mo: Member) -> None:
    remove_in_case(mo, case)
    one = everything_preserved()[0]
    assert one.until - one.at == timedelta(days=365)
