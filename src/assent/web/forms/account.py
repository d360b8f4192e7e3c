"""Forms of one's own account."""

from __future__ import annotations

from django import forms

from assent.core.access import Scope
from assent.web.forms.base import HouseForm

USES = [
    ("read", "look at what I may see"),
    ("write", "and act for me: post, pledge, hand in, award"),
]
STAFF_USE = ("staff", "and use my role")


class TokenForm(HouseForm):
    """A new token: what it is for, and what it may do."""

    name = forms.CharField(
        max_length=60, label="What is it for?", help_text="So that you know it again."
    )
    use = forms.ChoiceField(
        choices=[*USES, STAFF_USE], label="It may", widget=forms.RadioSelect, initial="read"
    )

    def scopes(self) -> frozenset[Scope]:
        """Return the scopes of the choice; each contains the ones before it."""
        every = list(Scope)
        return frozenset(every[: every.index(Scope(self.cleaned_data["use"])) + 1])
