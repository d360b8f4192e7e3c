"""Forms about bounties."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms

from assent.catalogue.values import BountyView
from assent.core.offers import (
    CREDITS_MAX,
    CREDITS_MIN,
    DESCRIPTION_MAX,
    ENTRIES_BY_DEFAULT,
    ENTRIES_MAX,
    TITLE_MAX,
    BountyDraft,
    split_tags,
)
from assent.core.terms import AwardMode, EntryMode, ItemState, WorkType
from assent.web.forms.base import HouseForm

DAYS_BY_DEFAULT = 30
TYPES = [(t.value, t.label) for t in WorkType]
BOARD_STATES = (ItemState.OPEN, ItemState.CLOSED, ItemState.SETTLED)


class DraftForm(HouseForm):
    """A bounty as its requester writes it."""

    title = forms.CharField(
        label="What do you want made?",
        required=False,
        help_text="A short title, such as “Watercolour lighthouses”.",
        widget=forms.TextInput(attrs={"data-count": TITLE_MAX, "autocomplete": "off"}),
    )
    description = forms.CharField(
        required=False,
        help_text="Style, subject, base model, what you will use it for. "
        "Plain text. A real person needs a consent record.",
        widget=forms.Textarea(attrs={"rows": 8, "data-count": DESCRIPTION_MAX}),
    )
    type = forms.ChoiceField(label="Kind of work", choices=TYPES, initial=WorkType.LORA)
    tags = forms.CharField(
        required=False, help_text="Words that help creators find it, with commas between."
    )
    credits = forms.IntegerField(
        label="Your pledge in credits",
        initial=100,
        help_text=f"{CREDITS_MIN} to {CREDITS_MAX:,}. Others can add to it later.",
        widget=forms.NumberInput(attrs={"min": CREDITS_MIN, "max": CREDITS_MAX, "data-cost": ""}),
    )
    deadline = forms.DateField(
        help_text="Work can be handed in until the end of this day (UTC).",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    grant = forms.CharField(
        label="Consent record",
        required=False,
        help_text="Only if a real person is meant: the reference of the record they signed.",
        widget=forms.TextInput(attrs={"placeholder": "C-…", "autocomplete": "off"}),
    )

    entry_mode = forms.ChoiceField(
        label="Who sees the entries?",
        choices=[
            (EntryMode.OPEN, "Everyone"),
            (EntryMode.SUPPORTERS, "Only you and those who add credits"),
        ],
        initial=EntryMode.OPEN,
        required=False,
        help_text="Files stay closed to everyone until an award, in either case.",
    )
    award_mode = forms.ChoiceField(
        label="Who awards?",
        choices=[
            (AwardMode.REQUESTER, "You, for everyone’s credits"),
            (AwardMode.EACH, "Each supporter their own share"),
        ],
        initial=AwardMode.REQUESTER,
        required=False,
    )
    entries_max = forms.IntegerField(
        label="Entries from one creator",
        initial=ENTRIES_BY_DEFAULT,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": ENTRIES_MAX}),
    )

    def draft(self) -> BountyDraft:
        """Return the valid form as a draft."""
        data = self.cleaned_data
        return BountyDraft(
            data["title"],
            data["description"],
            data["type"],
            split_tags(data["tags"]),
            data["credits"],
            data["deadline"],
            data["grant"],
            data["entry_mode"] or EntryMode.OPEN,
            data["award_mode"] or AwardMode.REQUESTER,
            data["entries_max"] or ENTRIES_BY_DEFAULT,
        )


def new_draft(today: date) -> dict[str, object]:
    """Return what the form starts with."""
    return {"deadline": today + timedelta(days=DAYS_BY_DEFAULT)}


def draft_of(bounty: BountyView) -> dict[str, object]:
    """Return a saved draft as the form shows it."""
    return {
        "title": bounty.item.title,
        "description": bounty.item.description,
        "type": bounty.work_type,
        "tags": ", ".join(bounty.item.tags),
        "credits": bounty.credits,
        "deadline": bounty.deadline,
        "grant": bounty.grant or "",
        "entry_mode": bounty.entry_mode,
        "award_mode": bounty.award_mode,
        "entries_max": bounty.entries_max,
    }


class PledgeForm(HouseForm):
    """Credits for an open bounty."""

    credits = forms.IntegerField(
        label="Credits to add",
        min_value=CREDITS_MIN,
        max_value=CREDITS_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
