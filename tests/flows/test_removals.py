"""Removal notices between marketplaces: only to whom the operator listed, only from whom they
listed, hashes alone, and nothing removed by another site's word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from joserfc import jws
from joserfc.jwk import ECKey

from assent.casework import queries as cases
from assent.casework.models import Case, ReceivedRemoval, SentRemoval
from assent.catalogue.models import StoredFile
from assent.catalogue.queries import files_of
from assent.core.notices import Ground
from assent.core.removals import BYTES_MAX, KIND, RemovalNotice, claims
from assent.core.terms import ItemState, Refused, Role
from assent.flows.decide_case import remove_in_case
from assent.flows.erase_case import erase_case
from assent.flows.find_case import find_case
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.send_removals import send_removals
from assent.flows.take_removal import take_removal
from assent.gateways import channels, clock
from assent.gateways.signing import published_keys, verified
from assent.journal.models import JournalRow
from assent.people.queries import Member
from tests.flows.market import in_days, join, notice, offered, state

HERE, THERE = "https://b.example", "https://a.example"
TO = "https://c.example/removal-notices"
CANARY = "canary-Vera-Lindqvist-Oyelaran"
KEY = ECKey.generate_key("P-256", parameters={"kid": "k-1"}, auto_kid=False)


@pytest.fixture(autouse=True)
def listed(tmp_path: Path) -> Iterator[Path]:
    """One sender is listed, with a key of its own; one recipient is."""
    folder = tmp_path / "senders"
    folder.mkdir()
    keys = [dict(KEY.as_dict(private=False))]
    (folder / "atelier.json").write_text(json.dumps({"issuer": THERE, "keys": keys}))
    with override_settings(SITE_URL=HERE, REMOVAL_SENDERS=folder, REMOVAL_RECIPIENTS=[TO]):
        yield folder


class Site:
    """Stands where the other site's connection would be, and remembers what it got."""

    def __init__(self, status: int | Exception = 202) -> None:
        self.status = status
        self.made: list[tuple[str, int, str]] = []
        self.got: list[dict[str, Any]] = []

    def __call__(self, host: str, port: int, **more: Any) -> Site:
        """Open."""
        self.made.append((host, port, more["assert_hostname"]))
        return self

    def request(self, method: str, target: str, **more: Any) -> Site:
        """Ask."""
        assert (method, target, more["redirect"]) == ("POST", "/removal-notices", False)
        if isinstance(self.status, Exception):
            raise self.status
        self.got.append(more)
        return self

    def close(self) -> None:
        """Nothing to close."""


@contextmanager
def site(
    monkeypatch: pytest.MonkeyPatch, status: int | Exception = 202, at: str = "93.184.216.34"
) -> Iterator[Site]:
    found = Site(status)
    with monkeypatch.context() as patch:
        patch.setattr(channels.urllib3, "HTTPSConnectionPool", found)
        patch.setattr(channels, "_resolve", lambda host: [at])
        yield found


def signed(*hashes: str, key: ECKey = KEY, kind: str = KIND, **change: Any) -> bytes:
    """A notice of the listed sender, or one that is wrong in one way."""
    one = RemovalNotice("n" * 24, THERE, f"{HERE}/removal-notices", clock.now(), hashes)
    header = {"alg": "ES256", "kid": "k-1", "typ": kind}
    body = json.dumps(claims(one) | change)
    return jws.serialize_compact(header, body, key, algorithms=["ES256"]).encode()


def sha_of(item: str) -> str:
    return next(f.sha256 for f in files_of([item]) if f.role == "work")


def tensors_of(item: str) -> str:
    return next(f.tensor_hash for f in files_of([item]) if f.tensor_hash)


def removed(mo: Member, item: str, **details: bool) -> Any:
    """What somebody asked to have taken down, and a case worker removed."""
    receipt = notice(item, CANARY, details={"note": CANARY, **details})
    remove_in_case(mo, receipt.number)
    return receipt


# To others -----------------------------------------------------------------------------------


def test_req_td_08_hashes_alone_go_where_the_operator_and_the_person_said(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = offered(cora)
    sums = {sha_of(listing), *(f.sha256 for f in files_of([listing]))}
    tensors = tensors_of(listing)
    removed(mo, listing, tell_others=True)
    with site(monkeypatch) as other:
        assert send_removals() == 1
        assert send_removals() == 0
    assert other.made == [("93.184.216.34", 443, "c.example")]
    (sent,) = other.got
    assert sent["headers"]["Content-Type"] == "application/jose"
    said = verified(sent["body"].decode(), KIND, published_keys())
    assert set(said) == {"iss", "aud", "iat", "jti", "sha256", "tensors"}
    assert (said["iss"], said["aud"]) == (HERE, TO)
    assert set(said["sha256"]) == sums
    assert said["tensors"] == [tensors]
    row = SentRemoval.objects.get()
    assert (row.state, row.hashes, row.count) == ("taken", [], len(sums) + 1)
    assert "sha256" not in str(list(JournalRow.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("details", [{}, {"tell_others": True, "under_18": True}])
def test_nothing_goes_anywhere_without_the_persons_word_or_about_minors(
    cora: Member, mo: Member, details: dict[str, bool]
) -> None:
    removed(mo, offered(cora), **details)
    assert not SentRemoval.objects.exists()


@override_settings(REMOVAL_RECIPIENTS=[])
def test_nothing_goes_anywhere_where_nobody_is_listed(cora: Member, mo: Member) -> None:
    removed(mo, offered(cora), tell_others=True)
    assert not SentRemoval.objects.exists()


def test_whoever_is_struck_off_the_list_gets_nothing_more(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(mo, offered(cora), tell_others=True)
    with override_settings(REMOVAL_RECIPIENTS=[]), site(monkeypatch) as other:
        assert send_removals() == 0
    assert other.made == []
    assert SentRemoval.objects.get().state == "stopped"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
def test_a_recipient_on_a_private_address_is_never_connected_to(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    removed(mo, offered(cora), tell_others=True)
    with site(monkeypatch, at=address) as other:
        assert send_removals() == 0
    assert other.made == []
    assert "public internet" in SentRemoval.objects.get().answer


@pytest.mark.parametrize(
    "to", ["http://c.example/x", "https://c.example:8443/x", "https://u:p@c.example/", "file:///x"]
)
def test_a_recipient_is_https_and_plain(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    with override_settings(REMOVAL_RECIPIENTS=[to]), site(monkeypatch) as other:
        removed(mo, offered(cora), tell_others=True)
        assert send_removals() == 0
    assert other.made == []


def test_what_is_not_taken_is_tried_again_and_given_up_after_a_week(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(mo, offered(cora), tell_others=True)
    start = clock.now()
    with site(monkeypatch, 503) as other:
        for hours in range(0, 24 * 9, 2):
            with clock.at(start + timedelta(hours=hours)):
                send_removals()
    row = SentRemoval.objects.get()
    assert (row.state, row.hashes) == ("given_up", [])
    assert 5 <= row.tries == len(other.got) <= 20
    numbers = {json.loads(jws.extract_compact(g["body"]).payload)["jti"] for g in other.got}
    assert numbers == {row.id}


@pytest.mark.parametrize("status", [301, 302, 401, 403, 404, 429, 500])
def test_these_answers_are_tried_again(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    removed(mo, offered(cora), tell_others=True)
    with site(monkeypatch, status) as other:
        assert send_removals() == 0
        assert send_removals() == 0
    assert len(other.got) == 1
    assert SentRemoval.objects.get().state == "waiting"


def test_a_refusal_is_not_repeated(
    cora: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(mo, offered(cora), tell_others=True)
    with site(monkeypatch, 422):
        send_removals()
    assert SentRemoval.objects.get().state == "refused"


def test_whoever_wants_no_more_protection_stops_what_waits(cora: Member, mo: Member) -> None:
    receipt = removed(mo, offered(cora), tell_others=True)
    erase_case(find_case(receipt.number, receipt.pin), protection=True)
    row = SentRemoval.objects.get()
    assert (row.state, row.hashes) == ("stopped", [])


# From others ---------------------------------------------------------------------------------


def test_what_matches_is_hidden_and_a_person_decides(cora: Member, mo: Member) -> None:
    listing, other = offered(cora, 3), offered(cora, 4)
    taken = take_removal(signed(sha_of(listing)))
    assert (taken.sender, taken.known, taken.matches) == ("atelier", False, True)
    assert (state(listing), state(other)) == (ItemState.HIDDEN, ItemState.PUBLISHED)
    (case,) = cases.open_cases(mo.person)
    file = cases.case_file(mo.person, case.number)
    assert Case.objects.get().source == "host"
    assert file.signature.startswith("atelier")
    assert not Case.objects.get().pin_digest
    remove_in_case(mo, case.number)
    assert state(listing) is ItemState.REMOVED
    assert not SentRemoval.objects.exists()  # nobody's word goes round in a circle


def test_what_another_site_says_can_be_turned_down(cora: Member, mo: Member) -> None:
    listing = offered(cora, 3)
    take_removal(signed(tensors_of(listing)))
    (case,) = cases.open_cases(mo.person)
    propose_refusal(mo, case.number, Ground.NO_LIKENESS)
    agree_to_refusal(join("mia", role=Role.MODERATOR), case.number)
    assert state(listing) is ItemState.PUBLISHED


def test_where_nothing_matches_there_is_no_case_until_something_does(
    cora: Member, mo: Member
) -> None:
    sha = sha_of(removable := offered(cora, 5))
    StoredFile.objects.filter(item_id=removable).update(sha256="0" * 64, facts={})
    assert not take_removal(signed(sha)).matches
    assert not cases.open_cases(mo.person)
    with in_days(3):
        later = offered(cora, 5, "The same again")
        assert state(later) is ItemState.HELD
        (case,) = cases.open_cases(mo.person)
        assert case.deadline > clock.now() + timedelta(hours=47)
        assert [i.id for i in cases.case_file(mo.person, case.number).items] == [later]
        remove_in_case(mo, case.number)
        assert state(later) is ItemState.REMOVED


def test_the_brakes_hold_for_other_sites_too(cora: Member, mo: Member, settings: Any) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 0
    listing = offered(cora, 3)
    assert take_removal(signed(sha_of(listing))).matches
    assert state(listing) is ItemState.PUBLISHED
    (case,) = cases.open_cases(mo.person)
    assert case.look_by is not None


def test_the_same_notice_a_second_time_changes_nothing(cora: Member) -> None:
    listing = offered(cora, 3)
    first = signed(sha_of(listing))
    take_removal(first)
    rows = JournalRow.objects.count()
    assert take_removal(first).known
    with in_days(1):  # signed anew for another try
        assert take_removal(signed(sha_of(listing))).known
    assert JournalRow.objects.count() == rows
    assert ReceivedRemoval.objects.count() == Case.objects.count() == 1


def refused(notice_: bytes) -> str:
    with pytest.raises(Refused) as error:
        take_removal(notice_)
    assert error.value.refusal.sentence.endswith((".", "anew.", "several."))
    return error.value.refusal.code


def test_what_is_refused_and_why(cora: Member, listed: Path) -> None:
    listing = offered(cora, 3)
    sha = sha_of(listing)
    other = ECKey.generate_key("P-256", parameters={"kid": "k-1"}, auto_kid=False)
    good = signed(sha).decode()
    head, body, tail = good.split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiYXNzZW50LXJlbW92YWwtbm90aWNlIn0"
    assert refused(signed(sha, key=other)) == "wrong_signature"
    assert refused(signed(sha, kind="assent-evidence")) == "wrong_signature"
    assert refused(f"{none}.{body}.".encode()) == "wrong_signature"
    assert refused(f"{head}.{body}.{tail[:-4]}AAAA".encode()) == "wrong_signature"
    assert refused(signed(sha, iss="https://nobody.example")) == "unknown_sender"
    assert refused(signed(sha, aud="https://c.example/removal-notices")) == "removal_elsewhere"
    assert refused(signed(sha, iat=1_600_000_000)) == "removal_out_of_time"
    assert refused(signed(sha, sha256=["x"])) == "removal_malformed"
    assert refused(b"hello") == "removal_malformed"
    assert refused(b"\xff.\xff.\xff") == "unknown_sender"
    assert refused(b"[" * 5000 + b".W1tbW1tb.x") == "unknown_sender"
    assert refused(b"x" * (BYTES_MAX + 1)) == "removal_too_large"
    take_removal(signed("1" * 64))
    assert refused(signed("2" * 64)) == "removal_replayed"
    assert state(listing) is ItemState.PUBLISHED
    assert ReceivedRemoval.objects.count() == 1
    (listed / "atelier.json").write_text("not JSON")
    assert refused(signed(sha)) == "unknown_sender"


def test_two_of_us_speak_with_each_other(
    cora: Member, mo: Member, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one marketplace sends, another one takes: by the keys that it publishes."""
    keys = published_keys()["keys"]
    (listed / "self.json").write_text(json.dumps({"issuer": f"{HERE}/", "keys": keys}))
    removed(mo, offered(cora, 3), tell_others=True)
    with site(monkeypatch) as other:
        send_removals()
    with override_settings(SITE_URL="https://c.example"):
        assert take_removal(other.got[0]["body"]).sender == "self"
