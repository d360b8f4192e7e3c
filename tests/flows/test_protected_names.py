"""A change of the protected names bites in the next request of every process."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assent.consent.models import ProtectedName
from assent.consent.protected import RegistryReader
from assent.consent.save_protected import forget_protected, protect, settle_protected
from assent.core.screening.keyed_names import NameKey
from assent.core.screening.reading import read

AT = datetime(2026, 6, 1, tzinfo=UTC)
KEYS = {"k1": NameKey(b"one"), "k2": NameKey(b"two")}


def seen(reader: RegistryReader, text: str = "with vera lindqvist") -> list[bool]:
    (sightings,) = reader.current().find([read(text)])
    return [one.decided for one in sightings]


@pytest.mark.django_db
def test_a_reader_knows_of_every_change_at_once() -> None:
    reader, other = RegistryReader(KEYS), RegistryReader({"k2": KEYS["k2"]})
    assert seen(reader) == seen(other) == []
    assert protect(["Vera Lindqvist"], "case1", KEYS, AT, decided=False) > 8
    assert seen(reader) == seen(other) == [False]
    settle_protected("case1", stands=True)
    assert seen(reader) == [True]
    protect(["Ngozi Brandvold"], "case2", KEYS, AT, decided=True)
    assert seen(reader, "Ngozi Brandvold, Vera Lindqvist") == [True, True]
    forget_protected("case1")
    assert seen(reader) == seen(other) == []


@pytest.mark.django_db
def test_the_same_name_twice_is_kept_once_and_no_name_is_in_the_rows() -> None:
    assert protect(["Vera Lindqvist"], "case1", KEYS, AT, decided=True) > 0
    assert protect(["Vera Lindqvist"], "case1", KEYS, AT, decided=True) == 0
    rows = repr(list(ProtectedName.objects.values())).casefold()
    assert "vera" not in rows
    assert "lindqvist" not in rows


_PROCESS = """
import sys, django
django.setup()
from datetime import UTC, datetime
from assent.consent.save_protected import forget_protected, protect
from assent.core.screening.reading import read
from assent.effects.protected import protected_names
from assent.gateways.secrets import name_keys
for line in sys.stdin:
    verb, _, words = line.strip().partition(" ")
    if verb == "protect":
        print(protect([words], "case", name_keys(), datetime.now(UTC), decided=True), flush=True)
    elif verb == "forget":
        print(forget_protected("case"), flush=True)
    else:
        print(len(protected_names().find([read(words)])[0]), flush=True)
"""


class Process:
    """A second process on the same database, told what to do line by line."""

    def __init__(self, data: Path) -> None:
        self.env = {
            **os.environ,
            "ASSENT_DATA": str(data),
            "ASSENT_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "assent.config.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROCESS],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __call__(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.communicate()


@pytest.mark.server
def test_two_processes_agree_at_once(tmp_path: Path) -> None:
    one = Process(tmp_path)
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=one.env, check=True)
    two = Process(tmp_path)
    try:
        assert one("find vera lindqvist") == two("find vera lindqvist") == "0"
        assert int(two("protect Vera Lindqvist")) > 4
        assert one("find V3ra L1ndqvist") == two("find vera lindqvist") == "1"
        two("forget")
        assert one("find vera lindqvist") == two("find vera lindqvist") == "0"
    finally:
        one.close()
        two.close()
