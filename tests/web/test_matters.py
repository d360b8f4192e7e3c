"""Orders of authorities, threats and disputes, on the staff's pages; and why a case was late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assent.casework.matters import matters
from assent.casework.queries import late_cases
from assent.core.official import CATEGORIES, MatterForm, MatterKind, matter_refusal
from assent.core.terms import Refused
from assent.flows.decide_case import remove_in_case
from assent.flows.explain_late import explain_late
from assent.flows.keep_matter import acknowledge_matter, close_matter, write_matter
from assent.gateways import clock
from assent.journal.models import JournalRow
from tests.cast import Visitor
from tests.flows.market import in_days, notice, posted

CANARY = "canary-Vera-Lindqvist-Oyelaran"
SENT = {
    "kind": "order_to_act",
    "category": "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "authority": f"The court of {CANARY}",
    "country": "de",
    "reference": CANARY,
    "note": CANARY,
}


def sent(**changes: str) -> dict[str, str]:
    return SENT | {"received_at": clock.now().strftime("%Y-%m-%dT%H:%M")} | changes


def verbs() -> list[str]:
    rows = JournalRow.objects.filter(verb__startswith="matter.").order_by("seq")
    return list(rows.values_list("verb", flat=True))


def test_an_order_from_its_arrival_to_its_end(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    assert "None so far." in mo.get("/queue/official").text
    wrong = mo.post("/queue/official", sent(country="Germany!", authority=""))
    assert wrong.status == 422
    assert CANARY in wrong.html, "nothing that was typed is lost"
    page = mo.post("/queue/official", sent())
    (found,) = matters(mo.member.person)
    assert page.goes_to == f"/queue/official/{found.id}"
    assert found.form.country == "DE"
    address = f"/queue/official/{found.id}"
    assert CANARY in mo.get(address).text
    for somebody in (rita, stranger):
        assert somebody.get(address).status in (302, 403)
        assert somebody.get("/queue/official").status in (302, 403)
    mo.post(address, {"action": "acknowledge"})
    mo.post(address, {"action": "close", "outcome": "confirmed"})
    assert matters(mo.member.person)[0].outcome == "", "an order is not confirmed by a body"
    mo.post(address, {"action": "close", "outcome": "done"})
    assert "We did what it asks" in mo.get(address).text
    assert verbs() == ["matter.received", "matter.acknowledged", "matter.closed"]
    told = str(list(JournalRow.objects.values_list("data", flat=True)))
    assert CANARY not in told
    assert "not yet" not in mo.get("/queue/official").text.lower()


def test_a_threat_that_nobody_was_told_of_stands_on_the_queue(mo: Visitor) -> None:
    mo.post("/queue/official", sent(kind="threat"))
    assert "1 threat to tell" in mo.get("/queue").text
    (found,) = matters(mo.member.person)
    acknowledge_matter(mo.member, found.id)
    assert "to tell" not in mo.get("/queue").text
    with pytest.raises(Refused, match="meanwhile"):
        acknowledge_matter(mo.member, found.id)
    close_matter(mo.member, found.id, "nothing")
    with pytest.raises(Refused, match="meanwhile"):
        close_matter(mo.member, found.id, "done")


def test_a_member_cannot_write_one_and_an_unknown_one_is_not_there(
    rita: Visitor, mo: Visitor
) -> None:
    form = MatterForm(MatterKind.ACT, "DE", next(iter(CATEGORIES)), "a", "", "", clock.now())
    with pytest.raises(Refused):
        write_matter(rita.member, form)
    assert mo.get("/queue/official/000000000000").status == 404
    assert verbs() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "de"}, "country"),
        ({"category": "x"}, "category"),
        ({"authority": " "}, "authority"),
        ({"reference": "x" * 201}, "reference"),
        ({"note": "x" * 5001}, "note"),
        ({"received_at": timedelta(minutes=1)}, "received_at"),
        ({"received_at": -timedelta(days=3651)}, "received_at"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, object], field: str) -> None:
    now = clock.now()
    told: dict[str, object] = {
        "kind": MatterKind.THREAT, "country": "EU", "category": next(iter(CATEGORIES)),
        "authority": "The police", "reference": "", "note": "", "received_at": now,
    }  # fmt: skip
    assert matter_refusal(MatterForm(**told), now) is None  # type: ignore[arg-type]
    told |= {k: now + v if isinstance(v, timedelta) else v for k, v in changes.items()}
    refusal = matter_refusal(MatterForm(**told), now)  # type: ignore[arg-type]
    assert refusal is not None
    assert list(refusal.fields) == [field]


def test_req_tra_05_each_late_case_is_explained(rita: Visitor, mo: Visitor) -> None:
    number = notice(posted(rita.member)).number
    in_time = notice(posted(rita.member)).number
    remove_in_case(mo.member, in_time)
    address = f"/cases/{number}"
    assert "This case was late" not in mo.get(address).text
    with pytest.raises(Refused, match="was not late"):
        explain_late(mo.member, in_time, "staff")
    with in_days(3):
        assert number in mo.get("/queue").text.partition("Late cases to explain")[2]
        assert "This case was late" in mo.get(address).text
        mo.post(address, {"action": "late", "why": "because"})
        assert [c.number for c in late_cases(mo.member.person, clock.now())] == [number]
        mo.post(address, {"action": "late", "why": "staff"})
        assert late_cases(mo.member.person, clock.now()) == []
        assert "This case was late" not in mo.get(address).text
        with pytest.raises(Refused, match="meanwhile"):
            explain_late(mo.member, number, "other")
        with pytest.raises(Refused):
            explain_late(rita.member, number, "other")
    row = JournalRow.objects.get(verb="case.explained")
    assert row.data == {"why": "staff"}
