"""Which letters a member wants."""

from __future__ import annotations

from collections.abc import Collection

from django import forms

from assent.core.messages import Topic
from assent.web.forms.base import HouseForm


class LettersForm(HouseForm):
    """A tick for each topic that comes as a letter."""

    topics = forms.MultipleChoiceField(
        label="Send me a letter about",
        required=False,
        choices=[(t.value, t.label) for t in Topic],
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, unwanted: Collection[str]) -> LettersForm:
        """Return the form as it stands for somebody who does not want these."""
        return cls(initial={"topics": [t.value for t in Topic if t not in unwanted]})
