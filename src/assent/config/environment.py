"""Reads settings from the environment, and says clearly what is wrong with one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at the start, so two writers queue instead of failing;
    # FULL because rows here are money and decisions.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=2000;PRAGMA recursive_triggers=ON;"
        "PRAGMA secure_delete=ON;"  # what somebody had erased is not left in the file
    ),
}


def text(name: str, default: str) -> str:
    """Return the variable, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str) -> bool:
    """Return whether the variable says yes."""
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def words(name: str, default: str) -> list[str]:
    """Return the space-separated words of the variable."""
    return text(name, default).split()


def number(name: str, default: int) -> int:
    """Return the variable as a whole number ≥ 0, or refuse by name."""
    raw = text(name, str(default))
    if not raw.isascii() or not raw.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number of at least 0, not {raw!r}.")
    return int(raw)


def data_dir() -> Path:
    """Return the absolute data folder, created private to its owner."""
    path = Path(text("ASSENT_DATA", "var")).expanduser().resolve()
    for folder in (path, path / "uploads", path / "files", path / "static"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(name: str, data: Path) -> str:
    """Return a secret from the environment, else from a private file made on first use."""
    if os.environ.get(name):
        return os.environ[name]
    path = data / "keys" / name.lower()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def database(data: Path) -> dict[str, Any]:
    """Return Django's database settings: PostgreSQL by URL, else the embedded SQLite file."""
    url = os.environ.get("ASSENT_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "assent.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("ASSENT_DATABASE_URL must start with postgres://")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
