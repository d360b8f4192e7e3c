"""Who the caller is, and their tokens. A token cannot make another one: that needs a browser and
the password, or the operator's command line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from assent.api.auth import Token, bearer_of, member_of
from assent.api.shape import SIGNED, Error
from assent.core.access import Scope
from assent.core.agreement import CLAUSES, VERSION, digest
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.flows.accept_agreement import accept_agreement
from assent.flows.revoke_token import revoke_token
from assent.gateways.mail import said_of
from assent.journal.queries import messages_to
from assent.people.queries import Member, has_agreed, tokens_of

router = Router()
BIGGEST = 2**63 - 1


class Me(Schema):
    """The token's member. `role` is the one that counts with this token."""

    name: str
    role: Role
    scopes: list[Scope]
    token: int
    joined_at: datetime


class TokenOut(Schema):
    """A token; its secret was shown once and is not kept."""

    id: int
    name: str
    scopes: list[Scope]
    created_at: datetime
    last_used_on: date | None


class TokenPage(Schema):
    """All of the member's tokens; `next` is always null."""

    items: list[TokenOut]
    next: str | None


@router.get("/me", auth=Token(), response={200: Me, **SIGNED}, summary="Who am I?")
def get_me(request: HttpRequest) -> dict[str, Any]:
    """Return whom the token stands for and what it may be used for."""
    found = bearer_of(request)
    scopes = [s for s in Scope if s in found.scopes]
    who = found.member
    return {
        "name": who.name, "role": who.role, "scopes": scopes, "token": found.id,
        "joined_at": who.joined_at,
    }  # fmt: skip


class AgreementIn(Schema):
    """`version` is the one that was read, on /agreement."""

    version: Annotated[str, Field(max_length=20)]


class AgreementOut(Schema):
    """The agreement for uploaders as it is now; `accepted` whether the caller did."""

    version: str
    sha256: str
    clauses: list[str]
    accepted: bool


@router.get(
    "/agreement", auth=Token(), response={200: AgreementOut, **SIGNED}, summary="Read the agreement"
)
def get_agreement(request: HttpRequest) -> dict[str, Any]:
    """Return the agreement for uploaders, without which nothing can be put here."""
    return _agreement(member_of(request))


@router.post(
    "/agreement",
    auth=Token(),
    response={200: AgreementOut, **SIGNED, 400: Error, 403: Error, 409: Error, 422: Error},
    summary="Accept the agreement",
)
def accept(request: HttpRequest, body: AgreementIn) -> dict[str, Any]:
    """Accept the agreement for uploaders in the version that is in force."""
    if body.version != VERSION:
        sentence = f"The version in force is {VERSION}. Please read that one."
        raise Refused(Refusal("agreement_version", sentence, RefusalKind.CONFLICT))
    who = member_of(request)
    accept_agreement(who)
    return _agreement(who)


def _agreement(who: Member) -> dict[str, Any]:
    return {
        "version": VERSION,
        "sha256": digest(),
        "clauses": list(CLAUSES),
        "accepted": has_agreed(who.id),
    }


class NewsOut(Schema):
    """Something that was told; `about` is the id of the item that it is about."""

    at: datetime
    code: str
    heading: str
    about: str | None
    new: bool


class NewsPage(Schema):
    """Part of the list; pass `next` as `cursor` for the following part."""

    items: list[NewsOut]
    next: str | None


@router.get(
    "/notifications", auth=Token(), response={200: NewsPage, **SIGNED}, summary="What you were told"
)
def list_notifications(request: HttpRequest, cursor: str = "") -> dict[str, Any]:
    """Return what the member was told, the latest first. Reading here marks nothing as read."""
    page = messages_to(member_of(request).id, cursor)
    items = [
        {
            "at": m.at, "code": m.template, "heading": said_of(m.template, m.data)[0],
            "about": m.about, "new": m.is_new,
        }
        for m in page.messages
    ]  # fmt: skip
    return {"items": items, "next": page.next}


@router.get("/tokens", auth=Token(), response={200: TokenPage, **SIGNED}, summary="Your tokens")
def list_tokens(request: HttpRequest) -> dict[str, Any]:
    """Return the member's tokens, newest first, without their secrets."""
    found = tokens_of(member_of(request).id)
    items = [{name: getattr(t, name) for name in TokenOut.model_fields} for t in found]
    return {"items": items, "next": None}


@router.delete(
    "/tokens/{token_id}",
    auth=Token(),
    response={204: None, **SIGNED, 403: Error, 404: Error, 422: Error},
    summary="Revoke a token",
)
def delete_token(
    request: HttpRequest, token_id: Annotated[int, Field(ge=1, le=BIGGEST)]
) -> Status[None]:
    """Revoke a token, this one too: from now on it opens nothing."""
    revoke_token(member_of(request), token_id)
    return Status(204, None)
