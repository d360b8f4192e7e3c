"""One demo marketplace for all journeys, and a folder for what they looked like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.market import Market, running_market


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The demo marketplace, built once for the session."""
    with running_market(tmp_path_factory.mktemp("market"), "--demo") as found:
        yield found


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where each step leaves its picture."""
    folder = Path(__file__).parents[2] / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
