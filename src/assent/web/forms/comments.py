"""Forms for what members say."""

from __future__ import annotations

from django import forms

from assent.core.offers import COMMENT_MAX
from assent.web.forms.base import HouseForm


class CommentForm(HouseForm):
    """A comment or a question."""

    text = forms.CharField(
        label="Comment or question",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": COMMENT_MAX}),
    )
    reply_to = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
