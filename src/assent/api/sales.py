"""Buying listings, and what the caller bought and sold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from assent.api.auth import Token, member_of
from assent.api.once import once
from assent.api.shape import SIGNED, Error
from assent.core.ledger import SaleState
from assent.flows.buy_listing import buy_listing
from assent.flows.give_back_sale import give_back_sale
from assent.flows.set_price import set_price
from assent.ledger.sales import SaleView, bought_by, sale_to, sold_by

router = Router()
BAD: dict[int, type[Schema]] = {400: Error, 403: Error, 404: Error, 409: Error, 410: Error}


class PriceIn(Schema):
    """A price in credits."""

    price: int


class SaleOut(Schema):
    """A sale: of `price` credits `fee` are the house’s and the rest the seller’s. `waits` says that
    a moderator looks first, and `can_go_back` that the buyer may still give it back."""

    id: str
    listing: str
    price: int
    fee: int
    licence: str
    state: SaleState
    at: datetime
    due_at: datetime
    waits: bool
    can_go_back: bool


class SalePage(Schema):
    """The latest sales; `next` is always null."""

    items: list[SaleOut]
    next: str | None


@router.post(
    "/listings/{listing_id}/buy",
    auth=Token(),
    response={201: SaleOut, **SIGNED, **BAD, 422: Error},
    summary="Buy a listing",
)
def buy(request: HttpRequest, listing_id: str, body: PriceIn) -> HttpResponse:
    """Buy a listing for the price that it shows; 409 where it costs something else by now."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        buy_listing(who, listing_id, body.price)
        sale = sale_to(who.id, listing_id)
        assert sale is not None, "it was bought a moment ago"
        return 201, _sale(sale)

    return once(request, who, act)


@router.post(
    "/listings/{listing_id}/price",
    auth=Token(),
    response={200: PriceIn, **SIGNED, **BAD, 422: Error},
    summary="Set a price",
)
def price(request: HttpRequest, listing_id: str, body: PriceIn) -> HttpResponse:
    """Say what a listing of yours costs from now on, 0 for nothing."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        set_price(who, listing_id, body.price)
        return 200, {"price": body.price}

    return once(request, who, act)


@router.post(
    "/sales/{sale_id}/back",
    auth=Token(),
    response={200: SalePage, **SIGNED, **BAD, 422: Error},
    summary="Give back what you bought",
)
def give_back(request: HttpRequest, sale_id: str) -> HttpResponse:
    """Give back what was bought and not downloaded, within the cooling-off."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        give_back_sale(who, sale_id)
        return 200, _page(bought_by(who.id))

    return once(request, who, act)


@router.get("/bought", auth=Token(), response={200: SalePage, **SIGNED}, summary="What you bought")
def bought(request: HttpRequest) -> dict[str, Any]:
    """Return what the caller bought, the latest first."""
    return _page(bought_by(member_of(request).id))


@router.get("/sold", auth=Token(), response={200: SalePage, **SIGNED}, summary="What you sold")
def sold(request: HttpRequest) -> dict[str, Any]:
    """Return what the caller sold, the latest first. Who bought is not said."""
    return _page(sold_by(member_of(request).id))


def _page(found: list[SaleView]) -> dict[str, Any]:
    return {"items": [_sale(sale) for sale in found], "next": None}


def _sale(sale: SaleView) -> dict[str, Any]:
    return {
        "id": sale.id, "listing": sale.listing, "price": sale.price, "fee": sale.fee,
        "licence": sale.licence, "state": sale.state, "at": sale.at, "due_at": sale.due_at,
        "waits": sale.is_doubted, "can_go_back": sale.can_go_back,
    }  # fmt: skip
