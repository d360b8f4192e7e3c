"""Reading the word tables that are shipped beside the code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

_DATA = "assent.core.screening"


def data_text(*parts: str) -> str:
    """Return the text of a shipped data file."""
    return files(_DATA).joinpath("data", *parts).read_text(encoding="utf-8")


def data_names(folder: str) -> list[str]:
    """Return the names of the shipped files in a data folder, sorted."""
    return sorted(entry.name for entry in files(_DATA).joinpath("data", folder).iterdir())


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield (section, line) of a table; `= word` starts a section, `#` a comment."""
    section = ""
    for line in text.splitlines():
        if line.startswith("= "):
            section = line[2:].strip()
        elif line and not line.startswith("#"):
            yield section, line
