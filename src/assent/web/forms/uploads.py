"""Forms that take files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from assent.core.agreement import NEEDED
from assent.core.offers import (
    DESCRIPTION_MAX,
    FILES_MAX,
    IMAGES_MAX,
    LICENCES,
    TITLE_MAX,
    split_tags,
)
from assent.core.terms import WorkType
from assent.flows.publish_listing import Offer
from assent.web.forms.base import HouseForm
from assent.web.forms.bounties import TYPES
from assent.web.forms.selling import price_field


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; whether they may be taken is for the flow to say."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ANN401
        """Return the files as a list."""
        sent: Sequence[UploadedFile[Any]] = data if isinstance(data, list | tuple) else [data]
        return [f for f in sent if f]


def works_field() -> FilesField:
    """Return the field for the work itself."""
    return FilesField(
        label="Your work",
        required=False,
        help_text=f"Up to {FILES_MAX} files: .safetensors for models, PNG, JPEG or WebP for "
        "pictures. Nothing that can run code (.ckpt, .pt, .zip).",
        widget=ManyFiles(attrs={"accept": ".safetensors,.png,.jpg,.jpeg,.webp"}),
    )


def images_field() -> FilesField:
    """Return the field for sample images."""
    return FilesField(
        label="Sample images",
        required=False,
        help_text=f"Up to {IMAGES_MAX} PNG, JPEG or WebP. Everyone who sees the page sees them.",
        widget=ManyFiles(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )


class UploadForm(HouseForm):
    """A form that puts work here: it asks for the agreement where that was not accepted yet."""

    agree = forms.BooleanField(
        label="I have read the agreement for uploaders and accept it.",
        error_messages={"required": NEEDED.fields["agree"]},
    )

    def __init__(self, *args: Any, agreed: bool = False, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        if agreed:
            del self.fields["agree"]


class EntryForm(UploadForm):
    """Work handed in to a bounty."""

    files = works_field()  # type: ignore[assignment]  # the form's own name for its uploads
    images = images_field()
    note = forms.CharField(
        label="A note to the requester",
        required=False,
        help_text="How it was made, and how to use it.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": DESCRIPTION_MAX}),
    )


class VersionForm(UploadForm):
    """A new version of a listing."""

    version = forms.CharField(label="Name of the version", required=False)
    note = forms.CharField(
        label="What is new",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": DESCRIPTION_MAX}),
    )
    files = works_field()  # type: ignore[assignment]  # the form's own name for its uploads
    images = images_field()


class ListingForm(UploadForm):
    """Finished work on offer."""

    title = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"data-count": TITLE_MAX, "autocomplete": "off"}),
    )
    description = forms.CharField(
        required=False,
        help_text="What it makes, how it was trained, how to use it. Plain text.",
        widget=forms.Textarea(attrs={"rows": 6, "data-count": DESCRIPTION_MAX}),
    )
    type = forms.ChoiceField(label="Kind of work", choices=TYPES, initial=WorkType.LORA)
    tags = forms.CharField(required=False, help_text="With commas between.")
    base_model = forms.CharField(
        required=False, help_text="The model that it was made for, such as SDXL 1.0."
    )
    version = forms.CharField(initial="1.0", required=False)
    consent = forms.CharField(
        label="Consent record",
        required=False,
        max_length=40,
        help_text="Only if it shows a real person: the reference of the record they signed.",
        widget=forms.TextInput(attrs={"placeholder": "C-…", "autocomplete": "off"}),
    )
    licence = forms.ChoiceField(
        required=False,
        choices=[("", "Not said"), *LICENCES.items()],
        help_text="What others may do with it.",
    )
    price = price_field()
    files = works_field()  # type: ignore[assignment]  # the form's own name for its uploads
    images = images_field()

    def offer(self) -> Offer:
        """Return the valid form as an offer."""
        data = self.cleaned_data
        return Offer(
            data["title"],
            data["description"],
            data["type"],
            split_tags(data["tags"]),
            data["base_model"].strip(),
            data["version"].strip(),
            data["consent"].strip(),
            data["licence"],
            data["price"] or 0,
        )
