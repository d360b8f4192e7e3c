"""Other marketplaces: the address that takes their notices, and the operators' page."""

from __future__ import annotations

from pathlib import Path

from django.test import Client, override_settings

from assent.casework.models import Case
from assent.core.removals import BYTES_MAX
from assent.core.terms import ItemState
from assent.flows.decide_case import remove_in_case
from tests.cast import Visitor
from tests.flows.market import notice, offered, state
from tests.flows.test_removals import HERE, THERE, TO, listed, sha_of, signed

__all__ = ["listed"]


def handed(body: bytes) -> tuple[int, dict[str, object]]:
    """What the address answers."""
    answer = Client().post("/removal-notices", body, content_type="application/jose")
    return answer.status_code, answer.json()


def test_a_notice_is_taken_without_a_log_in_and_hides(cora: Visitor, mo: Visitor) -> None:
    listing = offered(cora.member, 3)
    one = signed(sha_of(listing))
    assert handed(one) == (202, {"id": "n" * 24, "state": "received"})
    assert state(listing) is ItemState.HIDDEN
    assert mo.get("/").status == 200
    assert Client().get(f"/listings/{listing}").status_code == 410
    assert handed(one) == (200, {"id": "n" * 24, "state": "known"})
    assert Case.objects.count() == 1
    number = Case.objects.get().number
    page = mo.get(f"/cases/{number}")
    assert "atelier, by a removal notice of another site" in page.text


def test_what_is_wrong_is_said_in_one_sentence(cora: Visitor) -> None:
    status, answer = handed(b"hello")
    assert (status, answer["code"]) == (422, "removal_malformed")
    assert answer["message"]
    assert handed(signed("1" * 64, iss="https://nobody.example"))[0] == 403
    assert handed(b"x" * (BYTES_MAX + 1))[0] == 413
    assert Client().get("/removal-notices").status_code == 405


def test_too_many_from_one_place_are_put_off(settings: object) -> None:
    limits = {**settings.RATE_LIMITS, "removals": "1 per day"}  # type: ignore[attr-defined]
    with override_settings(RATE_LIMITS=limits):
        statuses = [handed(b"hello")[0] for _ in range(3)]
    assert statuses[-1] == 429


def test_operators_see_what_went_and_came_without_a_hash(
    cora: Visitor, mo: Visitor, otto: Visitor, listed: Path
) -> None:
    (listed / "broken.json").write_text("[")
    removed = offered(cora.member, 4)
    sha = sha_of(removed)
    receipt = notice(removed, details={"tell_others": True})
    remove_in_case(mo.member, receipt.number)
    handed(signed("1" * 64))
    page = otto.get("/other-sites")
    for words in (TO, THERE, "atelier", "Waits", "nothing here matches", "cannot be read"):
        assert words in page.text, words
    assert f"{HERE}/removal-notices" in page.text
    assert sha not in page.html
    assert receipt.number not in page.html
    assert 'href="/other-sites"' in otto.get("/queue").html


def test_nobody_but_operators_sees_it(
    stranger: Visitor, cora: Visitor, mo: Visitor, ada: Visitor
) -> None:
    assert stranger.get("/other-sites").goes_to.startswith("/account/login/")
    for who in (cora, mo, ada):
        assert who.get("/other-sites").status == 403
