"""The takedown form, and the form behind its receipt. Only what the law and routing need."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from assent.core.notices import TEXT_MAX, NoticeForm
from assent.web.forms.base import HouseForm

ITEM = re.compile(r"[0-9a-z]{12}")
DETAILS = ("intimate", "under_18", "danger", "safe_times", "language", "protect", "tell_others",
           "note")  # fmt: skip
CONTACTS = [
    ("box", "Only on this site. I will look at my status page."),
    ("email", "By e-mail"),
    ("phone", "By phone"),
    ("agent", "Through someone I trust"),
]


# Django's own sentences come without English beside them.
FAULTS = {
    "required": "Please fill this in.",
    "invalid_choice": "Please choose one of these.",
    "max_length": "This is too long. Please shorten it.",
    "null_characters_not_allowed": "This has a character that cannot be kept.",
}
NO_ADDRESS = "Write it here, or choose “only on this site”."


class QuietForm(HouseForm):
    """A form for people who ask for a takedown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.update(FAULTS)


class TakedownForm(QuietForm):
    """Where it is, who asks, good faith, a signature. Everything else is the person's choice."""

    where = forms.CharField(
        label="Where is it?",
        required=False,
        help_text="Links, ids, titles or user names, one on each line. "
        "You do not have to look at it again. If you have no link, write “I need you to search” "
        "and what you know.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    relation = forms.ChoiceField(
        label="Who does it show?",
        required=False,
        choices=[("me", "It shows me"), ("agent", "I act for the person it shows")],
        widget=forms.RadioSelect,
    )
    good_faith = forms.BooleanField(
        label="I believe this was put here without consent. What I say here is true, "
        "as far as I know.",
        required=False,
    )
    signature = forms.CharField(
        label="Sign with a name or a mark",
        required=False,
        help_text="Any name you like. It need not be your legal name. "
        "The person who put it here never sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_kind = forms.ChoiceField(
        label="How may we reach you?",
        required=False,
        choices=CONTACTS,
        initial="box",
        widget=forms.RadioSelect,
    )
    contact_value = forms.CharField(
        label="Your e-mail address, phone number or the other person’s",
        required=False,
        max_length=300,
        help_text="Leave this empty if you chose “only on this site”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    intimate = forms.BooleanField(label="It is nude or sexual", required=False)
    under_18 = forms.BooleanField(label="The person was under 18", required=False)
    danger = forms.BooleanField(label="Someone may be in danger", required=False)
    protect = forms.BooleanField(
        label="Keep watch, so that it does not come back", required=False, initial=True
    )
    tell_others = forms.BooleanField(label="You may tell other sites about it", required=False)
    safe_times = forms.CharField(
        label="When is it safe to contact you?", required=False, max_length=300
    )
    language = forms.CharField(
        label="Which language do you prefer?", required=False, max_length=100
    )
    note = forms.CharField(
        label="Anything else you want us to know",
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        """Ask for an address only when a way was chosen that needs one."""
        data = super().clean() or {}
        if data.get("contact_kind") in ("email", "phone", "agent") and not data.get(
            "contact_value"
        ):
            self.add_error("contact_value", NO_ADDRESS)
        return data

    def notice(self, language: str) -> NoticeForm:
        """Return the valid form as a notice, to be answered in this language."""
        data = self.cleaned_data
        kind = data["contact_kind"] or "box"
        return NoticeForm(
            tuple(line.strip() for line in data["where"].splitlines() if line.strip()),
            data["relation"],
            data["good_faith"],
            data["signature"].strip(),
            {"kind": kind, "value": data["contact_value"] if kind != "box" else ""},
            {name: data[name] for name in DETAILS if data[name]},
            language,
        )


class StatusForm(QuietForm):
    """The number and PIN of a receipt."""

    number = forms.CharField(
        label="Number",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    pin = forms.CharField(
        label="PIN",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
