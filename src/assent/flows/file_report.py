"""Take a report of something that is wrong in another way than showing a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assent.casework import answers
from assent.catalogue import queries
from assent.core.access import A_STRANGER, STRANGER, Actor, Verb
from assent.core.reports import ANSWERED_WITHIN, ReportForm, report_refusal
from assent.core.settlement import Effects
from assent.core.terms import Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_case_number, new_item_id, new_pin
from assent.gateways.secrets import pin_digest
from assent.journal.append import Event
from assent.people.queries import Member


@dataclass(frozen=True, slots=True)
class ReportReceipt:
    """What whoever reported takes away; the PIN is shown this once."""

    number: str
    pin: str
    at: datetime
    deadline: datetime


def file_report(form: ReportForm, by: Member | None) -> ReportReceipt:
    """Keep a report, or refuse with what is missing. Nothing hides before somebody has looked."""
    at = clock.now()
    seen = queries.item_facts(form.item)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(by.person if by else STRANGER, Verb.SEE, seen[1])
    refusal = report_refusal(form)
    if refusal:
        raise Refused(refusal)
    receipt = ReportReceipt(new_case_number(), new_pin(), at, at + ANSWERED_WITHIN)
    report_id = new_item_id()
    with transaction.atomic():
        answers.add_report(
            report_id, receipt.number, pin_digest(receipt.pin), form, by.id if by else None,
            at, receipt.deadline,
        )  # fmt: skip
        who = Actor(by.key, by.id) if by else A_STRANGER
        event = Event("report.received", report_id, {"kind": form.kind})
        apply(Effects(), by=who, rule="report.received", at=at, events=(event,))
    return receipt
