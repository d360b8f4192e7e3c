"""An outsider with the published roots and one proof finds what an operator took out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assent.casework.queries import key_of
from assent.cli.inclusion import verify_proof
from assent.cli.roots import verify_roots
from assent.flows.publish_root import publish_root
from assent.journal.models import JournalRow, PublishedRoot
from assent.journal.queries import inclusion
from tests.cast import Visitor
from tests.flows.market import in_days, join, notice, posted
from tests.ops.test_proofs import unlocked
from tests.ops.test_roots import rehash

pytestmark = pytest.mark.django_db


def checked(*arguments: Path | str) -> Result:
    return CliRunner().invoke(verify_roots, [str(one) for one in arguments])


def saved(stranger: Visitor, path: Path) -> Path:
    """What anybody can save from the page."""
    path.write_bytes(stranger.get("/transparency/roots.json").raw)
    return path


def a_week(rita: int) -> str:
    """Seven days with a root each, and a case on the third; return its number."""
    number = ""
    for day in range(7):
        with in_days(day):
            found = posted(rita)
            number = notice(found).number if day == 2 else number
            publish_root()
    return number


def plant_a_gap(number: str) -> None:
    """As an operator with the database in hand: the case's rows out, everything hashed and
    published anew, under the old dates."""
    unlocked("journal_journalrow")
    unlocked("journal_publishedroot")
    old = list(PublishedRoot.objects.order_by("day"))
    gone = list(JournalRow.objects.filter(subject=key_of(number)).values_list("seq", flat=True))
    assert gone
    JournalRow.objects.filter(subject=key_of(number)).delete()
    rehash()
    PublishedRoot.objects.all().delete()
    from assent.journal.queries import tree_of

    for one in old:
        one.rows -= sum(seq <= one.rows for seq in gone)
        one.root, one.extends = tree_of(one.rows)
        one.save(force_insert=True)


def test_req_aud_04_an_outsider_finds_a_planted_gap(stranger: Visitor, tmp_path: Path) -> None:
    number = a_week(join("rita", 10_000))
    key = key_of(number)
    assert key is not None
    receipt = tmp_path / "proof.json"
    receipt.write_text(json.dumps(inclusion(key)))
    kept = saved(stranger, tmp_path / "kept.json")
    good = checked(kept)
    assert good.exit_code == 0, good.output
    assert "7 roots" in good.output
    assert "only grew" in good.output
    proved = CliRunner().invoke(verify_proof, [str(receipt), "--roots", str(kept)])
    assert proved.exit_code == 0, proved.output

    plant_a_gap(number)
    now = saved(stranger, tmp_path / "now.json")
    # What is published fits together, so it takes something that was kept: the roots ...
    assert checked(now).exit_code == 0
    found = checked(now, "--kept", kept)
    assert found.exit_code == 1
    assert "that you kept is not published any more" in found.output
    # ... or the receipt of the case alone.
    lost = CliRunner().invoke(verify_proof, [str(receipt), "--roots", str(now)])
    assert lost.exit_code == 1
    assert "not among the published ones" in lost.output


def test_roots_of_before_and_after_a_gap_do_not_fit_together(
    stranger: Visitor, tmp_path: Path
) -> None:
    """An operator who leaves the roots that people have, and goes on without the case."""
    number = a_week(join("rita", 10_000))
    before = json.loads(saved(stranger, tmp_path / "before.json").read_text())["roots"]
    plant_a_gap(number)
    with in_days(7):
        posted(join("sam", 1000))
        publish_root()
    after = json.loads(saved(stranger, tmp_path / "after.json").read_text())["roots"]
    mixed = tmp_path / "mixed.json"
    mixed.write_text(json.dumps({"roots": [after[0], *before]}))
    found = checked(mixed)
    assert found.exit_code == 1
    assert "does not begin with" in found.output or "fewer rows" in found.output


def test_a_day_left_out_and_a_shorter_journal_are_found(stranger: Visitor, tmp_path: Path) -> None:
    a_week(join("rita", 10_000))
    path = saved(stranger, tmp_path / "roots.json")
    found = json.loads(path.read_text())["roots"]
    without = [one for place, one in enumerate(found) if place not in (2, 3)]
    path.write_text(json.dumps({"roots": without}))
    assert "No root was published on" in checked(path).output
    path.write_text(json.dumps({"roots": [*found, found[0]]}))
    assert "two roots of" in checked(path).output
    shorter = [{**found[0], "rows": 1}, *found[1:]]
    path.write_text(json.dumps({"roots": shorter}))
    assert "fewer rows" in checked(path).output
    unproved = [{**one, "extends": None} for one in found]
    path.write_text(json.dumps({"roots": unproved}))
    assert "without a proof" in checked(path).output


def test_anything_else_is_no_file_of_roots(tmp_path: Path) -> None:
    path = tmp_path / "roots.json"
    for text in ("[]", "{", '{"roots": [{"day": "x"}]}', '{"roots": 1}'):
        path.write_text(text)
        done = checked(path)
        assert done.exit_code == 2
        assert "not a file of published roots" in done.output
    path.write_text('{"roots": []}')
    assert "No root was published yet" in checked(path).output
