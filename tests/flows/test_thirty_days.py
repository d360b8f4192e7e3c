"""Thirty days of takedown cases under a clock of our own: no clock pauses, none is missed silently,
and nothing that is under a request is public for a moment."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from assent.casework.models import Case
from assent.core.notices import Ground
from assent.core.terms import CaseState, ItemState, Role
from assent.flows.decide_case import remove_in_case
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.tell_hidden import tell_hidden
from assent.flows.watch_clocks import watch_clocks
from assent.gateways import clock
from assent.journal.models import JournalRow
from assent.ops.proofs import journal_proof
from assent.people.queries import Member
from tests.flows.market import join, notice, posted, state

START = datetime(2030, 3, 1, 0, 30, tzinfo=UTC)
DAYS, STEP_HOURS = 30, 2


def test_req_td_06_thirty_days_of_cases(mo: Member) -> None:
    dice, mia = Random(30), join("mia", role=Role.MODERATOR)
    rita = join("rich", 100_000)
    plan: list[tuple[datetime, str, str, str]] = []
    items: dict[str, str] = {}
    for step in range(DAYS * 24 // STEP_HOURS):
        at = START + timedelta(hours=STEP_HOURS * step)
        with clock.at(at):
            if dice.random() < 0.12:
                item = posted(rita, f"A fox of day {step}", 10)
                number = notice(item).number
                items[number] = item
                wait = timedelta(hours=dice.choice([1, 10, 23, 30, 41, 47, 53, 75]))
                plan.append(
                    (at + wait, dice.choice(["remove", "remove", "turn down"]), number, item)
                )
            for due in [one for one in plan if one[0] <= at]:
                plan.remove(due)
                _, how, number, item = due
                if how == "remove":
                    remove_in_case(mo, number)
                    assert state(item) is ItemState.REMOVED
                else:
                    propose_refusal(mo, number, Ground.NO_LIKENESS)
                    assert state(item) is ItemState.HIDDEN, "until a second person agrees"
                    agree_to_refusal(mia, number)
                    assert state(item) is ItemState.OPEN
            watch_clocks()
            tell_hidden()
            for case in Case.objects.exclude(state=CaseState.DECIDED):
                assert not state(items[case.number]).is_public
                assert case.deadline - case.received_at == timedelta(hours=48), "it never pauses"
    cases = list(Case.objects.all())
    assert len(cases) > 20
    late = Counter(JournalRow.objects.filter(verb="case.late").values_list("subject", flat=True))
    end = START + timedelta(days=DAYS)
    for case in cases:
        over = (case.decided_at or end) - case.received_at
        # The clock is looked at every two hours here, so the edge itself is left open.
        if over > timedelta(hours=48 + STEP_HOURS):
            assert late[case.id] == 1, "a missed clock is an event, once"
        if over <= timedelta(hours=48 - STEP_HOURS):
            assert late[case.id] == 0
    assert late, "some were missed on purpose"
    warned = JournalRow.objects.filter(verb="case.warned").values_list("subject", "data")
    marks = Counter((subject, data["share"]) for subject, data in warned)
    assert set(marks.values()) == {1}, "each warning once"
    assert journal_proof().faults == ()
