"""The examples of the API's page, typed into a shell against a running marketplace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assent.api.examples import EXAMPLES, Example
from tests.core.files.files_made import lora
from tests.journeys.market import Market, running_market

pytestmark = pytest.mark.server

WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def own_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A demo of its own: the story ends with a takedown."""
    assert shutil.which("curl"), "The examples are curl's: sudo apt-get install -y curl"
    with running_market(tmp_path_factory.mktemp("examples"), "--demo") as found:
        yield found


def typed(example: Example, folder: Path, known: dict[str, str]) -> tuple[int, str]:
    """Type the command into a shell; return the status and the body."""
    command = example.command.replace("curl ", "curl -s -w '\\n%{http_code}' ", 1)
    done = subprocess.run(
        ["bash", "-ec", command],
        cwd=folder, env={**os.environ, **known}, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def found_in(body: str, where: str) -> str:
    """Return what is at `a.0.b` of an answer."""
    found: Any = json.loads(body)
    for step in where.split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return str(found)


def test_every_example_does_what_the_page_says(own_market: Market, tmp_path: Path) -> None:
    (tmp_path / "harbour.safetensors").write_bytes(lora(7, {"made_with": "care"}))
    known = {"API": f"{own_market.url}/api/v1"}
    for variable, name in (("TOKEN", "rita"), ("CREATOR", "cora")):
        known[variable] = own_market.command("token", name).stdout.splitlines()[-1]
    for call, example in EXAMPLES.items():
        until = time.monotonic() + WAIT_SECONDS
        status, body = typed(example, tmp_path, known)
        # What was handed in can be awarded or bought once the worker has seen it.
        seen = call[1].endswith(("/award", "/buy"))
        while status != example.status and seen and time.monotonic() < until:
            time.sleep(0.5)
            status, body = typed(example, tmp_path, known)
        assert status == example.status, (call, body)
        known |= {variable: found_in(body, where) for variable, where in example.keeps}
