"""Forms that know how to show a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms

from assent.core.terms import Refusal, RefusalKind, Refused

SHOWN_IN_FORM = (RefusalKind.INVALID, RefusalKind.CONFLICT, RefusalKind.TOO_LARGE)


class HouseForm(forms.Form):
    """A plain form; `status` is what its page is answered with when something is wrong."""

    status = 422

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal: beside the fields that it names, else above the form."""
        self.status = refusal.kind.status
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            self.add_error(None, refusal.sentence)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Show a refusal in this form when it is about what was sent; let others go on."""
        try:
            yield
        except Refused as refused:
            if refused.refusal.kind not in SHOWN_IN_FORM:
                raise
            self.refuse(refused.refusal)
