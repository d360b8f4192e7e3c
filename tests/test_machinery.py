"""The tests' own machinery: the database asked for is the one that answers, the network is shut."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page

from tests import browser, postgres

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    wanted = {"postgres": "postgresql"}.get(os.environ.get("ASSENT_TEST_DATABASE", ""), "sqlite")
    assert connection.vendor == wanted
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÅSA')" if wanted == "postgresql" else "SELECT 'åsa'")
        assert cursor.fetchone() == ("åsa",)


def test_a_test_cannot_leave_this_machine() -> None:
    with pytest.raises((RuntimeError, UserWarning), match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_can_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.parametrize("run", [1, 2])
def test_dice_fall_the_same_in_every_test(run: int) -> None:
    assert random.randrange(10**6) == random.Random(20_300_101).randrange(10**6), run


def test_a_missing_browser_is_met_with_the_line_that_installs_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "UNPACKED", tmp_path)
    with pytest.raises(browser.ChromiumMissingError, match="apt-get install -y chromium"):
        browser.find_chromium.__wrapped__()


def test_a_missing_postgresql_is_met_with_the_line_that_installs_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_candidates", lambda: iter([tmp_path]))
    with pytest.raises(postgres.PostgresMissingError, match="apt-get install -y postgresql"):
        postgres.find_programs()


@pytest.mark.parametrize(
    ("python", "line"),
    [
        ("exit 1", "apt-get install -y python3 python3-venv"),
        # Debian's own: Python is there, what makes environments is not.
        (
            'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.11-venv;; esac',
            "python3.11-venv",
        ),
    ],
)
def test_an_unfit_python_is_met_with_the_line_that_helps(
    tmp_path: Path, python: str, line: str
) -> None:
    unfit = tmp_path / "python"
    unfit.write_text(f"#!/bin/sh\n{python}\n")
    unfit.chmod(0o755)
    for name in ("tools/setup", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    env = {**os.environ, "PYTHON": str(unfit), "APT": "no"}
    command = [str(tmp_path / "tools" / "setup" / "venv.sh"), "run"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert line in done.stderr


@pytest.mark.server
def test_postgresql_starts_answers_and_leaves_nothing() -> None:
    import psycopg

    server = postgres.start()
    with psycopg.connect(host=str(server.folder), user="postgres") as session:
        row = session.execute("SELECT current_setting('listen_addresses')").fetchone()
    assert row == ("",), "it must not listen on the network"
    server.stop()
    assert not server.folder.exists()


@pytest.mark.server
def test_the_browser_shows_a_page(page: Page, tmp_path: Path) -> None:
    page.set_content("<h1>Åsa said yes</h1>")
    with_words = page.screenshot(path=tmp_path / "words.png")
    page.set_content("<h1></h1>")
    assert page.screenshot() != with_words, "it has no letters to draw with"
    assert with_words.startswith(b"\x89PNG")
