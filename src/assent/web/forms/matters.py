"""The form for an official matter."""

from __future__ import annotations

from datetime import UTC

from django import forms

from assent.core.official import CATEGORIES, NOTE_MAX, SHORT_MAX, MatterKind
from assent.web.forms.base import HouseForm

_NO_HINTS = {"autocomplete": "off", "spellcheck": "false"}


class MatterForm(HouseForm):
    """What came, from whom, about what, and when."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in MatterKind],
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(label="What is it about?", choices=list(CATEGORIES.items()))
    authority = forms.CharField(
        label="Which authority or body?", max_length=SHORT_MAX, widget=forms.TextInput(_NO_HINTS)
    )
    country = forms.CharField(
        label="Its country",
        help_text="Two letters, such as DE or US; EU for one of the Union’s own bodies.",
        max_length=2,
        widget=forms.TextInput(_NO_HINTS | {"size": 4}),
    )
    reference = forms.CharField(
        label="Their reference",
        required=False,
        max_length=SHORT_MAX,
        widget=forms.TextInput(_NO_HINTS),
    )
    received_at = forms.DateTimeField(
        label="When it arrived (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    note = forms.CharField(
        label="Note",
        required=False,
        help_text="What it asks, and what was done. For the staff alone; never in a report.",
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_received_at(self) -> object:
        """Read the time as UTC, whatever the clock of the machine says."""
        return self.cleaned_data["received_at"].replace(tzinfo=UTC)
