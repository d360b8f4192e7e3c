"""Selling a listing: its price, what the house keeps of it, and where the credits go.

A buyer pays into the account of the listing. From there the seller's share and the commission leave
together after the cooling-off, or everything goes back to the buyer: nothing is paid twice, and
nothing is paid in part.
"""

from __future__ import annotations

from collections.abc import Iterable

from assent.core.ledger import (
    FEES,
    Cause,
    Payment,
    Resolution,
    SaleState,
    TransferKind,
    member,
    till,
)
from assent.core.settlement import Effects, SaleFacts, Tell
from assent.core.terms import ItemState, Refusal, RefusalKind

PRICE_MIN, PRICE_MAX = 10, 100_000
# A listing that is in one of these does not come back by itself: what was not paid goes back.
OVER = (ItemState.REMOVED, ItemState.REFUSED, ItemState.WITHDRAWN)


def commission(price: int, per_cent: int) -> int:
    """Return what the house keeps of a price, rounded up."""
    return -(-price * per_cent // 100)


def price_fault(price: int) -> str | None:
    """Return what is wrong with a price in credits, or None; 0 is free."""
    if price == 0 or PRICE_MIN <= price <= PRICE_MAX:
        return None
    return f"Ask for {PRICE_MIN} to {PRICE_MAX:,} credits, or for none."


NOT_TO_BE_SOLD = (
    "The consent record does not allow that it is sold on. Offer it for nothing, or ask the person."
)


def other_price(price: int) -> Refusal:
    """Return the refusal of a buyer who was shown another price."""
    words = f"The price is {price:,} credits now. Nothing was taken; please look again."
    return Refusal("price_changed", words, RefusalKind.CONFLICT, {"price": words})


def sale_key(sale: str) -> str:
    """The transfer key that brings a price into the account of the listing."""
    return f"sale:{sale}"


def _waiting_keys(sale: SaleFacts) -> tuple[str, ...]:
    share, house = f"payout:sale:{sale.id}", f"commission:{sale.id}"
    return (share, house) if sale.fee else (share,)


def buying(sale: SaleFacts) -> Effects:
    """Somebody buys: the price leaves their wallet, and what becomes of it is reserved."""
    wallet, account = member(sale.buyer.key), till(sale.listing)
    paid_in = sale_key(sale.id)
    share, *house = _waiting_keys(sale)
    payments = [
        Payment(paid_in, wallet, account, sale.price, Cause.SALE, sale.listing),
        Payment(
            share,
            account,
            member(sale.seller.key),
            sale.price - sale.fee,
            Cause.PAYOUT,
            sale.listing,
            pending=True,
            like=paid_in,
        ),
    ]
    payments += [
        Payment(
            key, account, FEES, sale.fee, Cause.COMMISSION, sale.listing, pending=True, like=paid_in
        )
        for key in house
    ]
    told = Tell(sale.seller.id, "sold", {"credits": sale.price - sale.fee, "item": sale.listing})
    return Effects(new_sales=(sale,), payments=tuple(payments), messages=(told,))


def completing(sale: SaleFacts) -> Effects:
    """The cooling-off is over: the seller has their share, and the house its own."""
    told = Tell(
        sale.seller.id, "sale_paid", {"credits": sale.price - sale.fee, "item": sale.listing}
    )
    return Effects(
        sale_moves=((sale.id, SaleState.WAITING, SaleState.SETTLED),),
        resolutions=tuple(Resolution(key, TransferKind.POST) for key in _waiting_keys(sale)),
        messages=(told,),
    )


def returning(sales: Iterable[SaleFacts]) -> Effects:
    """Give every buyer whose credits still wait exactly their own back; what was settled is left
    alone."""
    effects = Effects()
    for sale in sales:
        if sale.state is not SaleState.WAITING:
            continue
        back = Payment(
            f"refund:{sale_key(sale.id)}",
            till(sale.listing),
            member(sale.buyer.key),
            sale.price,
            Cause.REFUND,
            sale.listing,
            like=sale_key(sale.id),
        )
        told = Tell(sale.buyer.id, "sale_returned", {"credits": sale.price, "item": sale.listing})
        effects += Effects(
            sale_moves=((sale.id, SaleState.WAITING, SaleState.RETURNED),),
            resolutions=tuple(Resolution(key, TransferKind.VOID) for key in _waiting_keys(sale)),
            payments=(back,),
            messages=(told,),
        )
    return effects
