"""What the three pages share on which somebody puts work here."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest

from assent.flows.accept_agreement import accept_agreement
from assent.people.queries import Member, has_agreed
from assent.web.forms.uploads import UploadForm

Form = TypeVar("Form", bound=UploadForm)


def upload_form(kind: type[Form], request: HttpRequest, creator: Member) -> Form:
    """Return the form as it was sent, or an empty one; with the agreement where it is needed, which
    counts as accepted once the whole form is well filled in."""
    agreed = has_agreed(creator.id)
    if request.method != "POST":
        return kind(agreed=agreed)
    form = kind(request.POST, request.FILES, agreed=agreed)
    if not agreed and form.is_valid():
        accept_agreement(creator)
    return form
