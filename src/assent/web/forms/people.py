"""Forms about oneself."""

from __future__ import annotations

from django import forms

from assent.core.offers import ABOUT_MAX
from assent.web.forms.base import HouseForm


class ProfileForm(HouseForm):
    """A member's text about themselves."""

    about = forms.CharField(
        label="About you and your work",
        required=False,
        help_text="Everybody can read it. Plain text, without naming anybody.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": ABOUT_MAX}),
    )
