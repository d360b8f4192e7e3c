"""Settings of the process that serves the takedown path alone: it starts without the database, and
does not wait for one that is away."""

from __future__ import annotations

from assent.config.settings import *  # noqa: F403
from assent.config.settings import DATABASES

AWAY_SECONDS = 3

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "timeout": AWAY_SECONDS,
    }
else:
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": AWAY_SECONDS}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
