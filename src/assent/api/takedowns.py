"""Takedown notices: no account, no token. The PIN travels in a header, never in an address."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from assent.api.once import once_open
from assent.api.shape import Error
from assent.core.languages import ENGLISH, known
from assent.core.notices import NoticeForm, incomplete
from assent.core.terms import Refused
from assent.flows.file_notice import Receipt, file_notice
from assent.flows.find_case import find_case
from assent.gateways.limits import address_key, is_crowded, spend

router = Router()
DETAILS = (
    "hashes", "intimate", "under_18", "danger", "safe_times", "note", "language", "protect",
    "tell_others",
)  # fmt: skip


class Contact(Schema):
    """One way to reach the person, or a message box behind the status page."""

    kind: Literal["email", "phone", "agent", "box"]
    value: str = ""


class NoticeIn(Schema):
    """A takedown notice. Only the first four are ever needed."""

    where: list[str]
    relation: Literal["me", "agent"]
    good_faith: bool
    signature: str
    contact: Contact | None = None
    hashes: list[str] | None = None
    intimate: bool | None = None
    under_18: bool | None = None
    danger: bool | None = None
    safe_times: str | None = None
    note: str | None = None
    language: str | None = None
    protect: bool | None = None
    tell_others: bool | None = None


class ReceiptOut(Schema):
    """Keep the number and the PIN: the PIN is shown this once."""

    number: str
    pin: str
    received_at: datetime
    deadline: datetime
    status_url: str
    hidden: int


class CaseOut(Schema):
    """Where the case stands."""

    number: str
    state: str
    received_at: datetime
    deadline: datetime
    decided_at: datetime | None
    hidden: int
    searching: bool
    outcome: str


@router.post(
    "",
    response={201: ReceiptOut, 400: Error, 409: Error, 422: Error, 429: Error},
    summary="Ask for a takedown",
)
def create_takedown(request: HttpRequest, payload: NoticeIn) -> HttpResponse:
    """Open a case. Items named by link or id are hidden before this answers."""
    crowded = is_crowded("takedown", address_key(request))
    spend("takedown_most", address_key(request))
    sent = payload.dict()
    details = {name: sent[name] for name in DETAILS if sent[name] is not None}
    form = NoticeForm(
        tuple(payload.where), payload.relation, payload.good_faith, payload.signature,
        sent["contact"], details, known(sent["language"] or ENGLISH),
    )  # fmt: skip
    refusal = incomplete(form)
    if refusal:
        raise Refused(refusal)
    return once_open(request, lambda: (201, _receipt(file_notice(form, brake=crowded))))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "pin": receipt.pin,
        "received_at": receipt.received_at.isoformat(),
        "deadline": receipt.deadline.isoformat(),
        "status_url": f"{settings.SITE_URL}/case/{receipt.number}",
        "hidden": receipt.hidden,
    }


@router.get("/{number}", response={200: CaseOut, 404: Error, 429: Error}, summary="Your case")
def get_takedown(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return the case for the PIN in the `X-Case-Pin` header. A wrong PIN and an unknown number
    get the same answer."""
    spend("status", address_key(request))
    pin = request.headers.get("X-Case-Pin", "")
    found = find_case(number, pin)
    return {name: getattr(found, name) for name in CaseOut.model_fields}
