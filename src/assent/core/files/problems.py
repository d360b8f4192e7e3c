"""Why a file is not taken: a stable code and a sentence for the person who uploaded it."""

from __future__ import annotations

from dataclasses import dataclass

from assent.core.terms import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to take a file; `sentence` says what it is and what to do about it."""

    code: str
    sentence: str

    def as_record(self) -> dict[str, str]:
        """The problem as JSON."""
        return {"code": self.code, "sentence": self.sentence}

    def as_refusal(self, field: str = "file") -> Refusal:
        """The problem as the answer to a form or an API call, attached to the upload field."""
        return Refusal(self.code, self.sentence, fields={field: self.sentence})


class Unsound(Exception):  # noqa: N818 - an expected finding, not one of our bugs
    """Carries a problem out of a parser; never leaves `assent.core.files`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(code, sentence)


def cut_off(missing: int) -> Unsound:
    """The file ends `missing` bytes too early."""
    return Unsound(
        "cut_off",
        f"This file ends {count(missing, 'byte')} before its own table of contents says it should."
        " It was probably cut off while uploading: please upload it again.",
    )


def count(number: int, noun: str) -> str:
    """Say a number with its noun: "1 byte", "1,024 bytes"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
