"""Forms to cash out, and to decide on it."""

from __future__ import annotations

from django import forms

from assent.core.cashouts import MIN_CREDITS
from assent.web.forms.base import HouseForm


class CashoutForm(HouseForm):
    """How many credits; `sure` comes with the second step, which shows the fee, and `once` is the
    number under which it is asked for."""

    credits = forms.IntegerField(
        label="How many credits?",
        min_value=MIN_CREDITS,
        error_messages={
            "required": "Say how many credits.",
            "invalid": "Write a whole number.",
            "min_value": f"At least {MIN_CREDITS:,} credits can be cashed out at a time.",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    sure = forms.BooleanField(required=False)
    once = forms.RegexField("^[0-9a-z]{12}$", required=False)


class CashoutDecisionForm(HouseForm):
    """Approve or refuse; the reason is read by the member."""

    action = forms.ChoiceField(choices=[("approve", "Approve"), ("refuse", "Refuse")])
    reason = forms.CharField(
        label="Reason, if you refuse: the member reads it",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WalletFilterForm(forms.Form):
    """Which movements of a wallet are shown."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All movements"),
            ("bought", "Bought, given and taken back"),
            ("bounties", "Pledges and refunds"),
            ("listings", "Listings bought"),
            ("earned", "Earnings"),
            ("cashed", "Cash-outs and fees"),
        ],
    )
