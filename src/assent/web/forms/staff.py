"""Forms for moderators."""

from __future__ import annotations

from django import forms

from assent.core.misuse import REASON_MAX as REASON_CHARS
from assent.core.notices import Ground
from assent.flows.decide_held import REASON_MAX
from assent.web.forms.base import HouseForm


class DecisionForm(HouseForm):
    """Publish or refuse what is held."""

    action = forms.ChoiceField(choices=[("approve", "Publish"), ("refuse", "Refuse")])
    reason = forms.CharField(
        required=False,
        help_text="Needed to refuse. The person who put it here reads exactly this.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": REASON_MAX}),
    )


class ReviewForm(HouseForm):
    """What somebody would have decided on a drawn item."""

    action = forms.ChoiceField(choices=[("approve", "Publish"), ("refuse", "Refuse")])


class AddForm(HouseForm):
    """Add what a case worker found to a case."""

    item = forms.CharField(
        label="Add what you found",
        help_text="Links or ids, one on a line. They are hidden at once.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HashForm(HouseForm):
    """A hash for the negative list."""

    hash = forms.CharField(
        label="The hash",
        required=False,
        help_text="The SHA-256 of a file, or its tensor hash. Never the hash of what was removed.",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RefusalForm(HouseForm):
    """Propose to turn a takedown request down."""

    ground = forms.ChoiceField(
        label="Turn the request down, because",
        choices=[
            (Ground.NOT_THE_PERSON, "it does not show this person"),
            (Ground.NOT_FOUND, "we searched and did not find it"),
            (Ground.CONSENT, "a record is valid, and the person shown confirmed it"),
            (Ground.NO_LIKENESS, "it shows no real person"),
        ],
        widget=forms.RadioSelect,
    )


class MisuseForm(HouseForm):
    """Why a request was plainly without ground."""

    reason = forms.CharField(
        label="Why was it plainly without ground?",
        required=False,
        help_text="Whoever sent it reads exactly this. Say what everybody could see. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": REASON_CHARS}),
    )


class RemoveForm(HouseForm):
    """Remove the items of a case for good."""

    sure = forms.BooleanField(
        label="I have looked at every item above. Remove them for good.",
        error_messages={"required": "Please tick this line first."},
    )


class CreditsForm(HouseForm):
    """Pay, or give back: the word, or the id of the entry that wins."""

    choice = forms.CharField(
        max_length=12, error_messages={"required": "Choose what happens to the credits."}
    )
