"""Bounties: list, look, post, hand in work, award."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from assent.api.auth import Token, member_of, viewer_of
from assent.api.once import once
from assent.api.shape import ALWAYS, SIGNED, Error, Placed, placed
from assent.catalogue import lists, queries
from assent.catalogue.values import BountyView, Card
from assent.core.casework import Placement
from assent.core.offers import ENTRIES_BY_DEFAULT, BountyDraft
from assent.core.screening.policies import default_policy
from assent.core.screening.searching import read_search
from assent.core.terms import AwardMode, EntryMode, ItemKind, ItemState, Refused, WorkType
from assent.flows.amend_bounty import amend_bounty
from assent.flows.award_entry import award_entry
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.pledge_credits import pledge_credits
from assent.flows.post_bounty import post_bounty
from assent.flows.save_draft import save_draft
from assent.flows.take_back_pledge import take_back_pledge
from assent.gateways import clock
from assent.people.queries import Member

router = Router()
ERRORS = {**SIGNED, 400: Error, 403: Error, 404: Error, 409: Error, 410: Error, 422: Error}


class NewBounty(Schema):
    """A bounty to post. `consent` is the reference of a consent record, where one is needed."""

    title: str
    description: str = ""
    type: WorkType
    tags: list[str] = Field(default_factory=list)
    credits: int
    deadline: date
    consent: str = ""
    entry_mode: EntryMode = EntryMode.OPEN
    award_mode: AwardMode = AwardMode.REQUESTER
    entries_max: int = ENTRIES_BY_DEFAULT


class Amended(Schema):
    """New words and terms of an open bounty; its credits and consent record stay."""

    title: str
    description: str = ""
    type: WorkType
    tags: list[str] = Field(default_factory=list)
    deadline: date
    entry_mode: EntryMode = EntryMode.OPEN
    award_mode: AwardMode = AwardMode.REQUESTER
    entries_max: int = ENTRIES_BY_DEFAULT


class TakenBack(Schema):
    """How many credits came back."""

    credits: int


class BountyOut(Schema):
    """A bounty as the caller may see it."""

    id: str
    state: str
    title: str
    description: str
    type: str | None
    tags: list[str]
    credits: int
    deadline: date | None
    requester: str
    entries: int
    created_at: datetime


class BountyPage(Schema):
    """Part of the list; pass `next` as `cursor` for the following part."""

    items: list[BountyOut]
    next: str | None


class PledgeIn(Schema):
    """Credits to add."""

    credits: int


class AwardIn(Schema):
    """The entry that wins."""

    entry: str


@router.get(
    "", response={200: BountyPage, **ALWAYS, 422: Error}, summary="Public bounties, newest first"
)
def list_bounties(
    request: HttpRequest,
    cursor: str | None = None,
    state: ItemState | None = None,
    type: WorkType | None = None,
    q: str = "",
) -> dict[str, Any]:
    """Return what the viewer may see."""
    search = read_search(q, default_policy(), at=clock.now().date())
    wanted = lists.Filter(ItemKind.BOUNTY, state, type, search)
    page = lists.cards(viewer_of(request), wanted, cursor)
    return {"items": [_card(c) for c in page.cards], "next": page.next}


@router.get(
    "/{bounty_id}",
    response={200: BountyOut, **ALWAYS, 404: Error, 410: Error},
    summary="One bounty",
)
def get_bounty(request: HttpRequest, bounty_id: str) -> dict[str, Any]:
    """Return one bounty, or refuse."""
    return _whole(queries.bounty(viewer_of(request), bounty_id))


@router.post(
    "", auth=Token(), response={201: Placed, 202: Placed, **ERRORS}, summary="Post a bounty"
)
def create_bounty(request: HttpRequest, payload: NewBounty) -> HttpResponse:
    """Screen and post: 201 open, 202 held (credits reserved), 422 refused (no transfer at all)."""
    who = member_of(request)
    return once(request, who, lambda: _post(who, payload))


def _post(who: Member, new: NewBounty) -> tuple[int, dict[str, Any]]:
    draft = BountyDraft(
        new.title, new.description, new.type, tuple(new.tags), new.credits, new.deadline,
        new.consent, new.entry_mode, new.award_mode, new.entries_max,
    )  # fmt: skip
    bounty_id = save_draft(who, draft)
    return placed(bounty_id, post_bounty(who, bounty_id), ItemState.OPEN)


@router.post(
    "/{bounty_id}/pledges", auth=Token(), response={201: Placed, **ERRORS}, summary="Add credits"
)
def add_pledge(request: HttpRequest, bounty_id: str, payload: PledgeIn) -> HttpResponse:
    """Put credits into the bounty's escrow."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        return 201, {"id": pledge_credits(who, bounty_id, payload.credits), "state": "held"}

    return once(request, who, act)


@router.post(
    "/{bounty_id}/pledges/take-back",
    auth=Token(),
    response={200: TakenBack, **ERRORS},
    summary="Take one's credits back",
)
def take_back(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """Take one's own pledges back out, while nothing has been handed in."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        return 200, {"credits": take_back_pledge(who, bounty_id)}

    return once(request, who, act)


@router.post(
    "/{bounty_id}/amend",
    auth=Token(),
    response={200: Placed, 202: Placed, **ERRORS},
    summary="Change an open bounty",
)
def amend(request: HttpRequest, bounty_id: str, payload: Amended) -> HttpResponse:
    """Change words and terms while nobody else has a stake: 200 open, 202 held, 422 as it was."""
    who = member_of(request)
    draft = BountyDraft(
        payload.title, payload.description, payload.type, tuple(payload.tags), 0, payload.deadline,
        "", payload.entry_mode, payload.award_mode, payload.entries_max,
    )  # fmt: skip

    def act() -> tuple[int, dict[str, Any]]:
        ruling = amend_bounty(who, bounty_id, draft)
        if ruling.placement is Placement.HOLD:
            return 202, {"id": bounty_id, "state": ItemState.HELD}
        return 200, {"id": bounty_id, "state": ItemState.OPEN}

    return once(request, who, act)


@router.post(
    "/{bounty_id}/entries",
    auth=Token(),
    response={201: Placed, 202: Placed, **ERRORS},
    summary="Hand in work",
)
def create_entry(
    request: HttpRequest,
    bounty_id: str,
    note: Form[str] = "",
    files: File[list[UploadedFile]] = [],  # noqa: B006 - the framework reads the default
    images: File[list[UploadedFile]] = [],  # noqa: B006
) -> HttpResponse:
    """Store the files: 202 held until they are scanned, 422 refused with the reason."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        entry_id = hand_in_entry(who, bounty_id, note, files, images)
        return 202, {"id": entry_id, "state": ItemState.HELD}

    return once(request, who, act)


class Awarded(Schema):
    """What the award set in motion."""

    entry: str
    credits: int
    payout: str
    due_at: datetime | None


@router.post(
    "/{bounty_id}/award", auth=Token(), response={200: Awarded, **ERRORS}, summary="Award an entry"
)
def award(request: HttpRequest, bounty_id: str, payload: AwardIn) -> HttpResponse:
    """Award an entry of this bounty; the payout is pending until the cooling-off is over."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        if queries.entry(who.person, payload.entry).bounty != bounty_id:
            raise Refused(queries.NOTHING_HERE)
        payouts = award_entry(who, payload.entry)
        return 200, {
            "entry": payload.entry,
            "credits": sum(p.amount for p in payouts),
            "payout": "pending",
            "due_at": payouts[0].due_at.isoformat() if payouts else None,
        }

    return once(request, who, act)


def _card(card: Card) -> dict[str, Any]:
    item = card.item
    return {
        "id": item.id, "state": item.state, "title": item.title, "description": item.description,
        "type": card.work_type, "tags": item.tags, "credits": card.credits,
        "deadline": card.deadline, "requester": item.owner_name, "entries": card.entries,
        "created_at": item.created_at,
    }  # fmt: skip


def _whole(bounty: BountyView) -> dict[str, Any]:
    item = bounty.item
    return {
        "id": item.id, "state": item.state, "title": item.title, "description": item.description,
        "type": bounty.work_type, "tags": item.tags, "credits": bounty.total,
        "deadline": bounty.deadline, "requester": item.owner_name, "entries": len(bounty.entries),
        "created_at": item.created_at,
    }  # fmt: skip
