"""Forms to report an item and to look up a report."""

from __future__ import annotations

from django import forms

from assent.core.reports import NAME_MAX, TEXT_MAX, ReportForm, ReportKind
from assent.web.forms.base import HouseForm


class ReportPageForm(HouseForm):
    """What is wrong, why, and what the law asks for where it is about the law."""

    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=[(k.value, k.label) for k in ReportKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )
    text = forms.CharField(
        label="Say why",
        required=False,
        help_text="The owner of the item never sees what you write, or who you are.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": TEXT_MAX}),
    )
    good_faith = forms.BooleanField(
        label="I believe in good faith that what I say is accurate and complete.", required=False
    )
    name = forms.CharField(
        label="Your name",
        required=False,
        help_text="For copyright alone, where the law asks for it.",
        max_length=NAME_MAX,
    )
    contact = forms.CharField(
        label="How to reach you",
        required=False,
        help_text="For copyright alone.",
        max_length=NAME_MAX,
    )

    def report(self, item: str) -> ReportForm:
        """Return the valid form as a report about this item."""
        data = self.cleaned_data
        return ReportForm(
            item, ReportKind(data["kind"]), data["text"], data["good_faith"], data["name"],
            data["contact"],
        )  # fmt: skip


class ReportAnswerForm(HouseForm):
    """A moderator's answer."""

    action = forms.ChoiceField(choices=[("uphold", "Hide it"), ("keep", "It stays")])
