"""What every test gets: no network, fixed dice, the database asked for and a browser."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from tests import browser, postgres

# Playwright keeps an event loop in the thread of the tests, which Django would take for its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# The same examples in every run, so that a red build is about the change and not about luck;
# `make prove` looks for new ones.
hypothesis.settings.register_profile(
    "tests", deadline=None, derandomize=True, max_examples=100, print_blob=True
)
hypothesis.settings.register_profile(
    "prove",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("tests")

USES_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tables of routes be written anew; see tests/web/test_routes.py."""
    parser.addoption("--write-routes", action="store_true", help="write tests/*/routes.txt anew")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Close the network and choose the database, before anything is imported or collected."""
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True
    config.option.output = ".tools/browser-output"
    config.add_cleanup(lambda: remove_data(config))
    if on_postgres() and not os.environ.get("ASSENT_DATABASE_URL"):
        start_postgres(config)


def on_postgres() -> bool:
    """Return whether the tests were asked to use PostgreSQL instead of SQLite."""
    return os.environ.get("ASSENT_TEST_DATABASE") == "postgres"


def remove_data(config: pytest.Config) -> None:
    """Delete the temporary data folder of the test settings, which the workers share."""
    folder = Path(settings.DATA_DIR)
    if not hasattr(config, "workerinput") and folder.name.startswith("assent-test-"):
        shutil.rmtree(folder, ignore_errors=True)


def start_postgres(config: pytest.Config) -> None:
    """Start a server and point Django at it; the worker processes inherit the address."""
    from assent.config import environment

    try:
        server = postgres.start()
    except postgres.PostgresMissingError as missing:
        raise pytest.UsageError(str(missing)) from None
    config.add_cleanup(server.stop)
    os.environ["ASSENT_DATABASE_URL"] = server.url
    # Django has been set up already, though nothing has connected yet.
    settings.DATABASES["default"] = environment.database(settings.DATA_DIR)
    connections.settings.update(connections.configure_settings(settings.DATABASES))
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, keep the tests which use a database; the others have run already."""
    if not on_postgres():
        return
    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = [item for item in items if uses_database(item)]


def uses_database(item: pytest.Item) -> bool:
    """Return whether the test asks for the database, by a mark or by a fixture."""
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or bool(USES_DATABASE & set(fixtures))


@pytest.fixture(autouse=True)
def fixed_dice() -> None:
    """Begin every test with the same random numbers, in whatever order the tests run."""
    random.seed(20_300_101)


@pytest.fixture(autouse=True)
def own_publications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test publishes for itself."""
    monkeypatch.setattr(settings, "PUBLISHED_DIR", tmp_path / "published")


@pytest.fixture(scope="session")
def base_url() -> None:
    """Replace pytest-playwright's own fixture, which pytest 9 warns about; no test needs it."""


@pytest.fixture(scope="session", autouse=True)
def pictures_are_asked_for_again() -> Iterator[None]:
    """Chromium has no frame to give, now and then, while the machine is busy: ask again. A page
    that cannot be drawn at all still fails."""
    really = Page.screenshot

    def patient(self: Page, **options: Any) -> bytes:
        for _ in range(5):
            try:
                return really(self, **options)
            except PlaywrightError as error:
                if "Unable to capture screenshot" not in str(error):
                    raise
                self.wait_for_timeout(500)
        return really(self, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Page, "screenshot", patient)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Let Playwright start the browser which is here instead of one that it would fetch."""
    chromium = browser.find_chromium()
    launch = {"executable_path": chromium.path, "env": chromium.env, "args": [*browser.FLAGS]}
    return {**browser_type_launch_args, **launch}
