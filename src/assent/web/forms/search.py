"""What a list is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from assent.catalogue.lists import Filter, Sort
from assent.core.offers import CREDITS_MAX
from assent.core.screening.policies import default_policy
from assent.core.screening.searching import QUERY_MAX, read_search
from assent.core.terms import ItemKind, ItemState, WorkType
from assent.web.forms.base import HouseForm
from assent.web.forms.bounties import BOARD_STATES, TYPES

KINDS = (("", "Everything"), (ItemKind.BOUNTY, "Bounties"), (ItemKind.LISTING, "Listings"))
SORTS = {
    Sort.NEWEST: "Newest first",
    Sort.CREDITS: "Most credits first",
    Sort.DEADLINE: "Ending soonest first",
    Sort.DOWNLOADS: "Most downloads first",
}
_OF_BOUNTIES = ("state", "credits")
_OF_LISTINGS = ("base", "price")
_SORTS_OF = {
    None: (Sort.NEWEST, Sort.CREDITS, Sort.DOWNLOADS),
    ItemKind.BOUNTY: (Sort.NEWEST, Sort.CREDITS, Sort.DEADLINE),
    ItemKind.LISTING: (Sort.NEWEST, Sort.DOWNLOADS),
}


class SearchForm(HouseForm):
    """Words and filters. On the board and among the listings the kind is settled, and fields of
    the other kind are not there."""

    q = forms.CharField(
        label="Words",
        required=False,
        max_length=QUERY_MAX,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Where", required=False, choices=KINDS)
    type = forms.ChoiceField(
        label="Kind of work", required=False, choices=[("", "Every kind"), *TYPES]
    )
    state = forms.ChoiceField(
        required=False,
        choices=[("", "Every state"), *((s.value, s.value.capitalize()) for s in BOARD_STATES)],
    )
    base = forms.ChoiceField(label="Made for", required=False)
    price = forms.ChoiceField(
        label="Price",
        required=False,
        choices=[("", "Free or not"), ("free", "Free"), ("priced", "For credits")],
    )
    tag = forms.CharField(required=False, max_length=60)
    credits = forms.IntegerField(
        label="Credits, at least",
        required=False,
        min_value=0,
        max_value=CREDITS_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    sort = forms.ChoiceField(label="Order", required=False)

    def __init__(
        self,
        data: Mapping[str, str],
        kind: ItemKind | None,
        base_models: list[str],
    ) -> None:
        super().__init__(data)
        self.settled = kind
        bases = [("", "Every base model"), *((b, b) for b in base_models)]
        self.fields["base"].choices = bases  # type: ignore[attr-defined]
        sorts = [(s.value, SORTS[s]) for s in _SORTS_OF[kind]]
        self.fields["sort"].choices = sorts  # type: ignore[attr-defined]
        if kind is not None:
            del self.fields["kind"]
        for name in _OF_LISTINGS if kind is ItemKind.BOUNTY else ():
            del self.fields[name]
        for name in _OF_BOUNTIES if kind is ItemKind.LISTING else ():
            del self.fields[name]

    @property
    def asked(self) -> dict[str, Any]:
        """What was chosen, for the links to further parts; what is no choice is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter besides the words is in use, so that a page shows it."""
        return bool(set(self.asked) - {"q", "kind", "sort"})

    def filter(self, today: date) -> Filter:
        """Return what the list is narrowed to; the words have been screened."""
        data = self.asked
        kind = self.settled or (ItemKind(data["kind"]) if "kind" in data else None)
        return Filter(
            kind=kind,
            state=ItemState(data["state"]) if "state" in data else None,
            work_type=WorkType(data["type"]) if "type" in data else None,
            search=read_search(
                data.get("q", ""), default_policy(), at=today, tag=data.get("tag", "")
            ),
            base_model=data.get("base", ""),
            credits_min=data.get("credits", 0),
            is_priced=data["price"] == "priced" if "price" in data else None,
            sort=Sort(data.get("sort", Sort.NEWEST)),
        )
