"""What commands that touch a marketplace share: where it is, and getting Django ready for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

F = Callable[..., Any]


def data_option(command: F) -> F:
    """Add `--data DIR`, which wins over ASSENT_DATA."""
    return click.option(
        "--data",
        envvar="ASSENT_DATA",
        default="var",
        show_default=True,
        type=click.Path(file_okay=False, path_type=Path),
        help="The marketplace's data folder.",
    )(command)


def open_market(data: Path) -> None:
    """Get Django ready for the marketplace in this folder (or at ASSENT_DATABASE_URL)."""
    os.environ["ASSENT_DATA"] = str(data.expanduser().resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assent.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.UsageError(str(error)) from error


def require_market(data: Path) -> None:
    """Open a marketplace that must exist already, or say that there is none."""
    is_there = (data / "assent.sqlite3").exists() or bool(os.environ.get("ASSENT_DATABASE_URL"))
    if not is_there:
        raise click.UsageError(f"There is no marketplace in {data}. Start one with `assent up`.")
    open_market(data)
