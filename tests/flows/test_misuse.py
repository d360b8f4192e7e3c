"""Requests that are plainly without ground: warned of, then looked at first, never shut out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assent.casework import queries as cases
from assent.casework.misuse import finding_of
from assent.casework.models import Case, MisuseFinding
from assent.casework.status import CaseStatus
from assent.core.misuse import BRAKE_TIME, COUNTS_FOR, Step
from assent.core.notices import Ground
from assent.core.terms import ItemState, Refused, Role
from assent.flows.complain import answer_complaint, complain
from assent.flows.confirm_contact import confirm_contact
from assent.flows.decide_case import remove_in_case
from assent.flows.erase_case import erase_case
from assent.flows.file_notice import Receipt
from assent.flows.find_case import find_case
from assent.flows.find_misuse import agree_to_misuse, forget_misuse, propose_misuse
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.look_first import hide_named, hide_overdue, note_looked
from assent.flows.object_misuse import answer_objection, object_to_misuse
from assent.flows.watch_clocks import watch_clocks
from assent.flows.write_in_case import write_to_us
from assent.gateways import clock
from assent.gateways.contact import confirmation_code
from assent.journal.models import JournalRow, Message
from assent.people.queries import Member
from tests.flows.market import in_days, join, notice, offered, posted, state

ADDRESS = "teapots@example.org"
EMAIL = {"kind": "email", "value": ADDRESS}
WHY = "It is a drawing of a teapot, as everybody can see."


@pytest.fixture
def mia() -> Member:
    """Another moderator."""
    return join("mia", role=Role.MODERATOR)


@pytest.fixture
def otto() -> Member:
    """A third one of the staff."""
    return join("otto", role=Role.OPERATOR)


Staff = tuple[Member, Member, Member]


@pytest.fixture
def staff(mo: Member, mia: Member, otto: Member) -> Staff:
    """Three who decide: the first two turn down, the third one agrees to findings."""
    return mo, mia, otto


def case_of(receipt: Receipt) -> CaseStatus:
    return find_case(receipt.number, receipt.pin)


def sent(item: str, contact: dict[str, str] = EMAIL, **details: bool) -> Receipt:
    return notice(item, contact=contact, details=details)


def confirmed(receipt: Receipt, address: str = ADDRESS) -> Receipt:
    case = case_of(receipt)
    confirm_contact(case, confirmation_code(case.key, address))
    return receipt


def turned_down(staff: Staff, receipt: Receipt, ground: Ground = Ground.NO_LIKENESS) -> None:
    propose_refusal(staff[0], receipt.number, ground)
    agree_to_refusal(staff[1], receipt.number)


def found(staff: Staff, receipt: Receipt) -> Step:
    """Confirmed, turned down, and found by two to be without ground."""
    confirmed(receipt)
    turned_down(staff, receipt)
    propose_misuse(staff[0], receipt.number, WHY)
    return agree_to_misuse(staff[2], receipt.number)


def slowed(staff: Staff, who: Member) -> Receipt:
    """The receipt of the third request of a sender, who is slowed by it."""
    assert found(staff, sent(posted(who))) is Step.WARNING
    for days in (1, 2):
        with in_days(days):
            last = sent(posted(who))
            step = found(staff, last)
    assert step is Step.BRAKE
    return last


def test_req_td_17_after_a_warning_and_three_findings_a_person_looks_first(
    staff: Staff, rita: Member
) -> None:
    slowed(staff, rita)
    with in_days(3):
        bounty = posted(rita)
        receipt = sent(bounty, {"kind": "email", "value": " Teapots@Example.org"})
        assert receipt.deadline - receipt.received_at == timedelta(hours=48)
        assert state(bounty) is ItemState.OPEN
        # It is counted, stands first in the queue, and another sender's hides as ever.
        row = JournalRow.objects.filter(verb="case.received").latest("seq")
        assert row.data == {"named": 0, "copies": 0, "slowed": 1}
        other = posted(rita)
        notice(other, contact={"kind": "email", "value": "vera@example.org"})
        assert state(other) is ItemState.HIDDEN
        first = cases.open_cases(staff[0].person)[0]
        assert first.number == receipt.number
        assert first.look_by == receipt.received_at + timedelta(hours=1)
        # One press hides it.
        assert hide_named(staff[0], receipt.number) == 1
        assert state(bounty) is ItemState.HIDDEN
        assert cases.case_file(staff[0].person, receipt.number).status.look_by is None


def test_req_td_17_where_nobody_looks_within_the_hour_it_hides_by_itself(
    staff: Staff, rita: Member
) -> None:
    slowed(staff, rita)
    with in_days(3):
        bounty = posted(rita)
        receipt = sent(bounty)
        assert hide_overdue() == 0
    with clock.at(receipt.received_at + timedelta(hours=1)):
        assert hide_overdue() == 1
        assert state(bounty) is ItemState.HIDDEN
        assert hide_overdue() == 0
    assert JournalRow.objects.filter(rule="takedown.nobody_looked").exists()


def test_req_td_17_whoever_looked_and_hid_nothing_is_not_overruled(
    staff: Staff, rita: Member
) -> None:
    slowed(staff, rita)
    with in_days(3):
        bounty = posted(rita)
        receipt = sent(bounty)
        note_looked(staff[0], receipt.number)
    with in_days(3.5):
        assert hide_overdue() == 0
        assert state(bounty) is ItemState.OPEN


@pytest.mark.parametrize("detail", ["intimate", "under_18", "danger"])
def test_req_td_17_what_is_intimate_or_dangerous_hides_at_once_all_the_same(
    staff: Staff, rita: Member, detail: str
) -> None:
    slowed(staff, rita)
    with in_days(3):
        bounty = posted(rita)
        sent(bounty, **{detail: True})
        assert state(bounty) is ItemState.HIDDEN


@pytest.mark.parametrize("detail", ["intimate", "under_18", "danger"])
def test_req_td_17_an_intimate_request_is_never_found_to_be_misuse(
    staff: Staff, rita: Member, detail: str
) -> None:
    receipt = confirmed(sent(posted(rita), **{detail: True}))
    propose_refusal(staff[0], receipt.number, Ground.NO_LIKENESS)
    agree_to_refusal(staff[2], receipt.number)
    with pytest.raises(Refused) as refused:
        propose_misuse(staff[0], receipt.number, WHY)
    assert refused.value.refusal.code == "never_misuse"


def test_req_td_17_somebody_elses_address_does_them_no_harm(staff: Staff, rita: Member) -> None:
    """Whoever writes down the address of the person depicted cannot read our letter to them."""
    receipt = sent(posted(rita), {"kind": "email", "value": "vera@example.org"})
    turned_down(staff, receipt)
    with pytest.raises(Refused) as refused:
        propose_misuse(staff[0], receipt.number, WHY)
    assert refused.value.refusal.code == "not_confirmed"


def test_req_td_17_two_people_of_whom_one_did_not_turn_it_down(staff: Staff, rita: Member) -> None:
    mo, mia, otto = staff
    receipt = confirmed(sent(posted(rita)))
    turned_down(staff, receipt)
    propose_misuse(mo, receipt.number, WHY)
    assert not MisuseFinding.objects.get().sender
    for nobody in (mo, mia):
        with pytest.raises(Refused) as refused:
            agree_to_misuse(nobody, receipt.number)
        assert refused.value.refusal.code == "second_person"
    assert agree_to_misuse(otto, receipt.number) is Step.WARNING
    with pytest.raises(Refused):
        propose_misuse(mo, receipt.number, WHY)


def test_req_td_17_nobody_judges_a_request_about_their_own_item(staff: Staff, mo: Member) -> None:
    _, mia, otto = staff
    other = join("max", role=Role.MODERATOR)
    receipt = confirmed(sent(offered(mo)))
    propose_refusal(mia, receipt.number, Ground.NO_LIKENESS)
    agree_to_refusal(otto, receipt.number)
    with pytest.raises(Refused) as refused:
        propose_misuse(mo, receipt.number, WHY)
    assert refused.value.refusal.code == "own_item"
    propose_misuse(other, receipt.number, WHY)
    with pytest.raises(Refused) as refused:
        agree_to_misuse(mo, receipt.number)
    assert refused.value.refusal.code == "own_item"


def test_req_td_17_an_objection_puts_it_aside_until_a_third_person_answers(
    staff: Staff, rita: Member
) -> None:
    last = slowed(staff, rita)
    mo, mia, otto = staff
    with in_days(3):
        object_to_misuse(case_of(last), "It was a picture of me on a teapot.")
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.HIDDEN
        for part in (mo, otto):
            with pytest.raises(Refused) as refused:
                answer_objection(part, last.number, upheld=False)
            assert refused.value.refusal.code == "second_person"
        answer_objection(mia, last.number, upheld=False)
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.OPEN
        with pytest.raises(Refused):
            object_to_misuse(case_of(last), "Once more.")


def test_req_td_17_an_objection_that_is_right_ends_it(staff: Staff, rita: Member) -> None:
    last = slowed(staff, rita)
    with in_days(3):
        object_to_misuse(case_of(last), "")
        answer_objection(staff[1], last.number, upheld=True)
        ended = MisuseFinding.objects.get(case__number=last.number)
        assert (ended.sender, ended.upheld) == ("", True)
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.HIDDEN


def test_req_td_17_a_complaint_about_the_decision_does_the_same(staff: Staff, rita: Member) -> None:
    last = slowed(staff, rita)
    with in_days(3):
        complain(case_of(last), "")
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.HIDDEN
        answer_complaint(staff[2], last.number, upheld=True)
        assert finding_of(case_of(last).key).ended_at is not None  # type: ignore[union-attr]


def test_req_td_17_a_brake_ends_by_itself_and_leaves_nothing(staff: Staff, rita: Member) -> None:
    slowed(staff, rita)
    with in_days(2 + BRAKE_TIME.days + 0.1):
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.HIDDEN
        assert forget_misuse() == 0
    with in_days(3 + COUNTS_FOR.days):
        assert forget_misuse() == 3
        assert not MisuseFinding.objects.exists()


def test_req_td_17_who_is_mostly_right_is_only_warned(staff: Staff, rita: Member) -> None:
    for day in range(3):
        with in_days(day):
            right = confirmed(sent(posted(rita)))
            remove_in_case(staff[0], right.number)
            assert found(staff, sent(posted(rita))) is Step.WARNING


def test_req_td_17_the_sender_reads_why_and_the_journal_holds_no_word(
    staff: Staff, rita: Member
) -> None:
    last = slowed(staff, rita)
    key = case_of(last).key
    assert WHY in [note.text for note in cases.notes_of(key)]
    assert Message.objects.filter(case_id=key, template="case_written").exists()
    rows = list(JournalRow.objects.values_list("verb", "data"))
    assert [d["step"] for v, d in rows if v == "sender.found"] == ["warning", "warning", "brake"]
    digest = MisuseFinding.objects.exclude(sender="").values_list("sender", flat=True)[0]
    assert ADDRESS not in str(rows)
    assert "teapot" not in str(rows)
    assert digest not in str(rows)


def test_req_td_17_whoever_erases_their_words_erases_what_was_found(
    staff: Staff, rita: Member
) -> None:
    last = slowed(staff, rita)
    with in_days(3):
        erase_case(case_of(last), protection=False)
        row = MisuseFinding.objects.get(agreed_at__isnull=False, ended_at__isnull=False)
        assert (row.sender, row.reason, row.objection) == ("", "", "")
        bounty = posted(rita)
        sent(bounty)
        assert state(bounty) is ItemState.HIDDEN


def test_req_td_17_what_a_slowed_sender_adds_later_is_looked_at_first_too(
    staff: Staff, rita: Member
) -> None:
    slowed(staff, rita)
    with in_days(3):
        receipt = sent("I need you to search")
        bounty = posted(rita)
        write_to_us(case_of(receipt), f"It is this one:\n{bounty}")
        assert state(bounty) is ItemState.OPEN
        assert Case.objects.get(number=receipt.number).triage_by is not None
        assert hide_named(staff[0], receipt.number) == 1
        assert state(bounty) is ItemState.HIDDEN


def test_req_td_07_what_a_flood_brake_kept_open_hides_with_one_press(
    staff: Staff, rita: Member, cora: Member, settings: object
) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 1  # type: ignore[attr-defined]
    items = [posted(rita), posted(rita), offered(cora, 9)]
    receipt = notice(*items)
    assert [state(i) for i in items] == [ItemState.HIDDEN, ItemState.OPEN, ItemState.PUBLISHED]
    with in_days(0.05):
        assert hide_overdue() == 0  # what is beyond the limit of a notice waits for a person
    assert hide_named(staff[0], receipt.number) == 2
    assert {state(i) for i in items} == {ItemState.HIDDEN}
    with pytest.raises(Refused):
        hide_named(staff[0], receipt.number)


def test_req_td_07_staff_hear_at_once_and_a_missed_hour_is_an_event(
    staff: Staff, rita: Member, settings: object
) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 0  # type: ignore[attr-defined]
    for _ in range(3):
        receipt = notice(posted(rita))
    letters = Message.objects.filter(template="case_look")
    assert letters.count() == len(staff)  # once for all that waits
    hide_named(staff[0], receipt.number)
    with clock.at(receipt.received_at + timedelta(minutes=59)):
        watch_clocks()
    late = JournalRow.objects.filter(verb="case.look_late")
    assert late.count() == 0
    with clock.at(receipt.received_at + timedelta(minutes=61)):
        watch_clocks()
        watch_clocks()
    assert late.count() == 2
    assert letters.count() == 3 * len(staff)


def test_req_td_07_what_somebody_adds_beyond_the_brakes_waits_for_a_look_too(
    staff: Staff, rita: Member, settings: object
) -> None:
    receipt = notice("I need you to search")
    settings.TAKEDOWN_HIDES_PER_HOUR = 0  # type: ignore[attr-defined]
    bounty = posted(rita)
    write_to_us(case_of(receipt), bounty)
    assert state(bounty) is ItemState.OPEN
    assert cases.open_cases(staff[0].person)[0].look_by is not None
    assert Message.objects.filter(template="case_look").count() == len(staff)


def test_req_td_07_what_the_limit_of_an_hour_kept_open_hides_when_the_hour_is_over(
    staff: Staff, rita: Member, settings: object
) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 2  # type: ignore[attr-defined]
    settings.TAKEDOWN_HIDES_PER_HOUR = 2  # type: ignore[attr-defined]
    first, items = [posted(rita), posted(rita)], [posted(rita), posted(rita), posted(rita)]
    notice(*first)
    receipt = notice(*items)
    assert {state(i) for i in items} == {ItemState.OPEN}
    with clock.at(receipt.received_at + timedelta(minutes=59)):
        assert hide_overdue() == 0
    with clock.at(receipt.received_at + timedelta(minutes=61)):
        assert hide_overdue() == 2
        assert [state(i) for i in items] == [ItemState.HIDDEN, ItemState.HIDDEN, ItemState.OPEN]
        assert hide_overdue() == 0
        # The rest stands in the queue.
        assert receipt.number in [c.number for c in cases.open_cases(staff[0].person) if c.look_by]
        assert hide_named(staff[0], receipt.number) == 1


def test_req_td_07_while_the_hour_is_full_it_goes_on_waiting(
    staff: Staff, rita: Member, settings: object
) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 2  # type: ignore[attr-defined]
    settings.TAKEDOWN_HIDES_PER_HOUR = 2  # type: ignore[attr-defined]
    notice(posted(rita), posted(rita))
    bounty = posted(rita)
    receipt = notice(bounty)
    with clock.at(receipt.received_at + timedelta(minutes=61)):
        notice(posted(rita), posted(rita))
        assert hide_overdue() == 0
    with clock.at(receipt.received_at + timedelta(minutes=125)):
        assert hide_overdue() == 1
        assert state(bounty) is ItemState.HIDDEN
        assert not [c for c in cases.open_cases(staff[0].person) if c.look_by]
