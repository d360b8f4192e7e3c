"""Depicted people are known here by keyed pseudonyms only; there is no way to switch that off."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path

import polars as pl


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of a name under a key: the same for every spelling of case and space."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return "P-" + hmac.new(key, folded.encode(), hashlib.sha256).hexdigest()[:12]


def pseudonymised(names: pl.Series, key: bytes) -> pl.Series:
    """Return pseudonyms in place of names."""
    known = names.drop_nulls().unique().to_list()
    if not known:
        return names
    hidden = [pseudonym(name, key) for name in known]
    return names.replace_strict(known, hidden, default=None, return_dtype=pl.String)


def auditor_key(folder: Path) -> bytes:
    """Return the auditor's own key, made on first use in a private file, so that a repeated audit
    gives the same pseudonyms. Whoever lacks the file cannot try out names."""
    path = folder / "pseudonyms.key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()
