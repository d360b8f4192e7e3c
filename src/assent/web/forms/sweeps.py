"""What an operator does with sweeps."""

from __future__ import annotations

from django import forms

from assent.web.forms.base import HouseForm

ACTIONS = ("preview", "announce", "pause", "go_on", "undo", "settle")
NEED_SURE = ("announce", "undo", "settle")


class SweepForm(HouseForm):
    """One action; those that reach many people at once need a tick."""

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    sweep = forms.CharField(max_length=12, required=False)
    sure = forms.BooleanField(required=False)

    def clean(self) -> None:
        """Ask for the tick where it counts."""
        super().clean()
        needed = self.cleaned_data.get("action") in NEED_SURE
        if needed and not self.cleaned_data.get("sure"):
            self.add_error(None, "Please tick the line above that button first.")
