"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

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


class LeaveForm(HouseForm):
    """Deleting one's account: the name typed once more, and the credits given up knowingly."""

    name = forms.CharField(max_length=30, label="Type your name to delete your account")
    gives_up = forms.BooleanField(required=False, label="I give up my credits")

    def __init__(self, *args: Any, own_name: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._own_name = own_name

    def clean_name(self) -> str:
        """Return the name when it is the member's own."""
        name = str(self.cleaned_data["name"]).strip()
        if name != self._own_name:
            raise forms.ValidationError(f"Type {self._own_name} exactly.")
        return name
