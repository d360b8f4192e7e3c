"""Gets a data folder ready to serve: tables, static files and, if asked for, the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

import assent
from assent.flows.absorb_notices import absorb_notices
from assent.flows.reapply_takedowns import reapply_takedowns
from assent.ops.demo import build_demo, demo_is_built


def prepare(*, demo: bool, say: Callable[[str], None]) -> None:
    """Migrate, collect static files where they changed, build the demo once."""
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static()
    # Before anything is served: what was asked for while the database was away.
    kept = absorb_notices()
    if kept:
        say(f"{kept} takedown requests came while the database was away; what they name is hidden.")
    again = reapply_takedowns()
    if again:
        say(f"{again} items that were taken down were public in this database; they are hidden.")
    if demo and not demo_is_built():
        say("Building the demo marketplace…")
        build_demo()


def prepare_takedown() -> None:
    """Get ready to serve the takedown path alone, which must start without the database."""
    _collect_static()


def _collect_static() -> None:
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    current = f"{assent.__version__} {_newest()}"
    if stamp.exists() and stamp.read_text() == current:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)


def _newest() -> float:
    """When one of our own static files last changed, so that a checkout sees its edits."""
    files = (settings.BASE_DIR / "web" / "static").rglob("*")
    return max((f.stat().st_mtime for f in files if f.is_file()), default=0.0)
