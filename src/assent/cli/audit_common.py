"""What the commands of an audit share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assent.cli.errors import OutsideFailure, UserMistake

if TYPE_CHECKING:
    from assent.audit.adjudicate import Adjudicator, Cached


@contextmanager
def mistakes() -> Iterator[None]:
    """Turn what is wrong with a source into the command line's own two failures."""
    from assent.audit.terms import DamageError, SourceError

    try:
        yield
    except SourceError as error:
        raise UserMistake(str(error)) from error
    except DamageError as error:
        raise OutsideFailure(str(error)) from error


def text_of(path: Path) -> str:
    """Return a text file, or raise UserMistake."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserMistake(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserMistake(f"{path} is not UTF-8") from error


def own_folder(variable: str, fallback: str) -> Path:
    """Return the user's own folder for data or caches, by the desktop's convention."""
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / fallback) / "assent"


def screening() -> Cached:
    """Return Assent's screening as an adjudicator that remembers."""
    from assent.audit.adjudicate import Screening
    from assent.core.screening.policies import default_policy

    return remembered(Screening(default_policy(), datetime.now(tz=UTC).date()))


def remembered(judge: Adjudicator) -> Cached:
    """Return an adjudicator that remembers in the user's cache: hashes of words, and opinions."""
    from assent.audit.adjudicate import Cached

    folder = own_folder("XDG_CACHE_HOME", ".cache")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Cached(judge, folder / "audit-opinions.sqlite3")
