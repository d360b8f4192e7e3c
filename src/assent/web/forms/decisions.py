"""Forms to object to a decision and to answer."""

from __future__ import annotations

from django import forms

from assent.flows.answer_appeal import REASON_MAX
from assent.flows.appeal_decision import TEXT_MAX
from assent.web.forms.base import HouseForm


class AppealForm(HouseForm):
    """Why the decision is wrong."""

    text = forms.CharField(
        label="Why should somebody look again?",
        required=False,
        help_text="You need not write anything. Nothing is un-hidden while somebody looks.",
        widget=forms.Textarea(attrs={"rows": 5, "data-count": TEXT_MAX}),
    )


class AnswerForm(HouseForm):
    """The answer to an objection."""

    action = forms.ChoiceField(
        choices=[("stand", "The decision stands"), ("reverse", "It was wrong")]
    )
    reason = forms.CharField(
        label="Your reason",
        required=False,
        help_text="Whoever objected reads exactly this. Never a word about who told us.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": REASON_MAX}),
    )
