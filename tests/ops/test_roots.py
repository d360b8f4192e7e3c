"""The tampering suite: somebody with write access to the database against the published roots."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from django.db import DatabaseError, transaction

from assent.cli.books import _read_roots
from assent.flows.publish_root import publish_root
from assent.gateways import clock
from assent.journal.chain import START, Link, link_hash
from assent.journal.models import JournalHead, JournalRow, PublishedRoot
from assent.journal.queries import Root, published_roots
from assent.ops.proofs import journal_proof
from tests.flows.market import in_days, join, posted
from tests.ops.test_proofs import unlocked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept() -> Root:
    """A root over what rita did, then two rows more of sam's."""
    posted(join("rita", 1000))
    assert publish_root() == 1
    posted(join("sam", 100))
    return published_roots()[0][1]


def rehash() -> None:
    """Number and chain all rows anew, head included: what no chain can find."""
    rows = list(JournalRow.objects.order_by("seq"))
    JournalRow.objects.all().delete()
    previous = START
    for seq, row in enumerate(rows, 1):
        link = Link(seq, row.at, row.actor, row.verb, row.subject, row.rule, row.data, previous)
        row.seq, row.previous, row.hash = seq, previous, link_hash(link)
        previous = row.hash
        row.save(force_insert=True)
    JournalHead.objects.update(seq=len(rows), hash=previous)


def edit() -> None:
    JournalRow.objects.filter(seq=2).update(actor="nobody")


def delete() -> None:
    JournalRow.objects.filter(seq=2).delete()


def insert() -> None:
    for row in JournalRow.objects.filter(seq__gte=2).order_by("-seq"):
        JournalRow.objects.filter(seq=row.seq).update(seq=row.seq + 1)
    forged = JournalRow.objects.get(seq=1)
    forged.seq, forged.subject = 2, "forged"
    forged.save(force_insert=True)


def truncate() -> None:
    JournalRow.objects.filter(seq__gte=2).delete()


def swap_the_clock() -> None:
    JournalRow.objects.filter(seq=1).update(at=clock.now() - timedelta(days=400))


@pytest.mark.parametrize("forgery", [edit, delete, insert, truncate, swap_the_clock])
def test_a_root_kept_outside_finds_what_was_hashed_anew(
    forgery: Callable[[], None], kept: Root
) -> None:
    unlocked("journal_journalrow")
    unlocked("journal_publishedroot")
    forgery()
    rehash()
    PublishedRoot.objects.all().delete()
    assert journal_proof().faults == (), "the chain alone is satisfied"
    assert "rewritten or cut off" in " ".join(journal_proof(merkle=[kept]).faults)


@pytest.mark.parametrize("forgery", [edit, delete, insert, truncate, swap_the_clock])
def test_the_roots_in_the_database_find_it_too_while_they_stand(
    forgery: Callable[[], None],
) -> None:
    unlocked("journal_journalrow")
    forgery()
    rehash()
    assert "rewritten or cut off" in " ".join(journal_proof().faults)


def test_a_later_row_dated_before_the_root_is_found(kept: Root) -> None:
    unlocked("journal_journalrow")
    before = JournalRow.objects.get(seq=kept.rows).at
    JournalRow.objects.filter(seq=kept.rows + 1).update(at=before)
    rehash()
    assert f"Row {kept.rows + 1} is dated before a root" in journal_proof(merkle=[kept]).faults[0]


def test_a_root_that_claims_to_be_older_than_its_rows_is_found(kept: Root) -> None:
    assert kept.at is not None
    early = Root(kept.rows, kept.root, kept.at - timedelta(days=1))
    assert "before rows in it are dated" in " ".join(journal_proof(merkle=[early]).faults)


def test_there_is_one_root_a_day_and_each_stays_good(kept: Root) -> None:
    assert publish_root() == 0
    with in_days(1):
        assert publish_root() == 1
        assert publish_root() == 0
    assert [one.rows for _, one in published_roots()] == [JournalRow.objects.count(), kept.rows]
    assert journal_proof(merkle=[kept]).faults == ()


def test_a_writer_whose_clock_is_behind_writes_after_the_root(kept: Root) -> None:
    with clock.at(clock.now() - timedelta(hours=1)):
        posted(join("tom", 100))
    assert journal_proof(merkle=[kept]).faults == ()


def test_an_empty_journal_has_a_root_too() -> None:
    unlocked("journal_journalrow")
    unlocked("journal_publishedroot")
    for model in (PublishedRoot, JournalRow, JournalHead):
        model.objects.all().delete()
    assert publish_root() == 1
    assert journal_proof().faults == ()


def test_the_database_refuses_to_change_a_root() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedRoot.objects.update(rows=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedRoot.objects.all().delete()


def test_a_file_of_roots_is_read_in_each_of_its_forms(tmp_path: Path, kept: Root) -> None:
    file = tmp_path / "root.json"
    assert kept.at is not None
    one = {"rows": kept.rows, "root": kept.root, "at": kept.at.isoformat()}
    for text in (one, {"roots": [one]}):
        file.write_text(json.dumps(text))
        assert _read_roots(file) == (None, [kept])
    file.write_text('{"rows": 3, "hash": "ab"}')
    assert _read_roots(file) == ((3, "ab"), [])
    for wrong in ("[]", "{}", "nothing", '{"roots": [1]}', '{"rows": 1, "root": "", "at": "2"}'):
        file.write_text(wrong)
        with pytest.raises(click.UsageError, match="is not a root"):
            _read_roots(file)
