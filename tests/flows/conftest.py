"""The people of the flows' tests; and after each test, the books and the journal are proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from assent.core.terms import Role
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import Member
from tests.flows.market import join


@pytest.fixture(autouse=True)
def books_and_journal_hold(db: None) -> Iterator[None]:
    """Whatever a test did by way of flows, nothing may be wrong with what is left of it."""
    yield
    assert ledger_proof().faults == ()
    assert journal_proof().faults == ()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test stores its files by itself, so that it may count what is there."""
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    (tmp_path / "uploads").mkdir()
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path / "uploads"))


@pytest.fixture
def rita() -> Member:
    """A requester with 1,000 credits."""
    return join("rita", 1000)


@pytest.fixture
def sam() -> Member:
    """A supporter with 1,000 credits."""
    return join("sam", 1000)


@pytest.fixture
def cora() -> Member:
    """A creator without a credit."""
    return join("cora")


@pytest.fixture
def chris() -> Member:
    """Another creator without a credit."""
    return join("chris")


@pytest.fixture
def mo() -> Member:
    """A moderator."""
    return join("mo", role=Role.MODERATOR)
