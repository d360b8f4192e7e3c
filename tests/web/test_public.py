"""What anyone may check: the numbers, and consent records."""

from __future__ import annotations

from datetime import timedelta

from django.test import override_settings

from assent.core.access import Actor
from assent.core.screening.policies import default_policy
from assent.core.terms import WorkType
from assent.flows.decide_case import remove_in_case
from assent.flows.record_consent import SignedTerms, record_consent
from assent.flows.run_sweep import run_sweep
from assent.flows.start_sweep import start_sweep
from assent.gateways import clock
from assent.gateways.verifier import DEMO_PERSON, vouch_for_demo_person
from assent.journal.queries import head
from tests.cast import Visitor
from tests.flows.market import in_days, notice, posted


def test_the_numbers_are_those_of_the_database(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    assert "No sweep has run yet." in stranger.get("/transparency").text
    decided = notice(posted(rita.member))
    notice(posted(rita.member), posted(rita.member))
    remove_in_case(mo.member, decided.number)
    run_sweep(start_sweep(default_policy().id, dry_run=False, by=Actor("operator")))
    page = stranger.get("/transparency")
    for words in ("Received 2", "Items hidden 3", "Items removed for good 1", "Decided 1",
                  "Decided in time 1", "Open 1", "Open and late 0"):  # fmt: skip
        assert words in page.text
    assert default_policy().id in page.text
    assert head()[1] in page.text


def test_a_late_case_is_counted_as_late(stranger: Visitor, rita: Visitor) -> None:
    notice(posted(rita.member))
    with in_days(3):
        assert "Open and late 1" in stranger.get("/transparency").text


@override_settings(DEMO=True)
def test_a_record_is_valid_or_not_and_never_says_whose_it_is(rita: Visitor) -> None:
    local = {"headers": {"Host": "127.0.0.1"}}
    today = clock.now().date()
    terms = SignedTerms(
        frozenset({"train", "generate", "display"}),
        frozenset({WorkType.LORA}),
        "Covers",
        today,
        today + timedelta(days=30),
    )
    reference = record_consent(vouch_for_demo_person(), rita.member, terms)
    page = rita.get(f"/consent/{reference.lower()}", **local)
    assert "valid" in page.text
    assert "not valid" not in page.text
    assert "display, generate, train" in page.text
    assert DEMO_PERSON not in page.html
    with in_days(31):
        ended = rita.get(f"/consent/{reference}", **local)
    unknown = rita.get("/consent/C-UNKNOWN", **local)
    assert "not valid" in ended.text
    assert ended.main.replace(reference, "C-UNKNOWN") == unknown.main
