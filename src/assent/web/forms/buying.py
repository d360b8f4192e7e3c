"""Forms to buy credits and to redeem a gift code."""

from __future__ import annotations

from django import forms

from assent.core.purchases import PACKS, price
from assent.web.forms.base import HouseForm


class BuyForm(HouseForm):
    """How many credits."""

    credits = forms.TypedChoiceField(
        label="How many?",
        coerce=int,
        choices=[(n, f"{n:,} credits for {price(n) / 100:,.2f} euros") for n in PACKS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the amounts."},
    )


class GiftForm(HouseForm):
    """A gift code."""

    code = forms.CharField(
        label="Gift code",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
