"""Forms to buy a listing, to say what one costs, and to decide on a sale."""

from __future__ import annotations

from django import forms

from assent.core.sales import PRICE_MAX, PRICE_MIN
from assent.web.forms.base import HouseForm


class BuyForm(HouseForm):
    """Yes to the price that the page showed."""

    price = forms.IntegerField(min_value=0)


def price_field() -> forms.IntegerField:
    """Return the field for what a listing costs; empty is free."""
    return forms.IntegerField(
        label="Price in credits",
        required=False,
        help_text=f"{PRICE_MIN} to {PRICE_MAX:,}. Empty means free for everybody.",
        error_messages={"invalid": "Write a whole number."},
        widget=forms.NumberInput(
            attrs={"inputmode": "numeric", "min": 0, "max": PRICE_MAX, "autocomplete": "off"}
        ),
    )


class PriceForm(HouseForm):
    """What a listing costs from now on."""

    price = price_field()


class SaleDecisionForm(HouseForm):
    """Let a doubted sale go on, or give the credits back."""

    choice = forms.ChoiceField(choices=[("pay", "pay"), ("return", "return")])
