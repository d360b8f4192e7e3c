"""The journal's chain: every way of rewriting the past is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.journal.chain import START, Link, faults, link_hash

Row = tuple[Link, str]
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def chain(count: int, minutes: int = 1) -> list[Row]:
    """A sound chain; with negative `minutes` its clock goes back."""
    rows: list[Row] = []
    for seq in range(1, count + 1):
        at = NOON + timedelta(minutes=minutes * seq)
        previous = rows[-1][1] if rows else START
        link = Link(seq, at, "rita", "item.moved", f"item{seq}", "rule", {"n": seq}, previous)
        rows.append((link, link_hash(link)))
    return rows


def end(rows: list[Row]) -> tuple[int, str]:
    return (rows[-1][0].seq, rows[-1][1]) if rows else (0, START)


def found(rows: list[Row], head: tuple[int, str]) -> str:
    return " ".join(faults(rows, head))


LENGTHS = st.integers(2, 12)
CHANGES: list[dict[str, Any]] = [
    {"actor": "sam"}, {"verb": "credits.moved"}, {"subject": "other"}, {"rule": "another"},
    {"data": {"n": 0}}, {"data": {}}, {"at": NOON}, {"previous": "f" * 64},
]  # fmt: skip


@given(st.integers(0, 12))
def test_a_sound_chain_has_no_faults(count: int) -> None:
    assert found(chain(count), end(chain(count))) == ""


@given(LENGTHS, st.data())
def test_an_edit_is_found(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    place = data.draw(st.integers(0, count - 1))
    link, stored = rows[place]
    rows[place] = (replace(link, **data.draw(st.sampled_from(CHANGES))), stored)
    assert f"Row {place + 1} was changed" in found(rows, end(rows))


@given(LENGTHS, st.data())
def test_an_edit_with_a_new_hash_breaks_the_row_after_it(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    place = data.draw(st.integers(0, count - 2))
    edited = replace(rows[place][0], actor="sam")
    rows[place] = (edited, link_hash(edited))
    assert f"Row {place + 2} does not follow" in found(rows, end(rows))


def test_rewriting_the_last_row_contradicts_the_head() -> None:
    rows = chain(5)
    head = end(rows)
    edited = replace(rows[-1][0], actor="sam")
    rows[-1] = (edited, link_hash(edited))
    assert "its head says" in found(rows, head)


@given(LENGTHS, st.data())
def test_a_deleted_row_is_found(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    head = end(rows)
    place = data.draw(st.integers(0, count - 2))
    del rows[place]
    assert f"Row {place + 1} is missing" in found(rows, head)


@given(LENGTHS, st.data())
def test_an_inserted_row_is_found(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    place = data.draw(st.integers(0, count - 1))
    forged = replace(rows[place][0], actor="sam")
    rows.insert(place, (forged, link_hash(forged)))
    assert "does not follow" in found(rows, end(rows))


@given(LENGTHS, st.data())
def test_rows_in_another_order_are_found(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    head = end(rows)
    order = data.draw(st.permutations(range(count)))
    mixed = [rows[i] for i in order]
    assert (found(mixed, head) == "") == (mixed == rows)


@given(LENGTHS, st.data())
def test_a_cut_off_end_is_found(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    kept = data.draw(st.integers(0, count - 1))
    assert f"ends at row {kept}" in found(rows[:kept], end(rows))


def test_an_emptied_journal_is_found() -> None:
    assert "ends at row 0, but its head says row 3" in found([], end(chain(3)))


def test_a_clock_that_goes_back_is_found() -> None:
    rows = chain(3, minutes=-1)
    assert "Row 2 is dated before" in found(rows, end(rows))


def test_two_rows_of_one_moment_are_fine() -> None:
    rows = chain(3, minutes=0)
    assert found(rows, end(rows)) == ""


@pytest.mark.parametrize("hours", [-11, 0, 5])
def test_a_hash_does_not_depend_on_how_a_time_is_written(hours: int) -> None:
    link = chain(1)[0][0]
    elsewhere = link.at.astimezone(timezone(timedelta(hours=hours)))
    assert link_hash(replace(link, at=elsewhere)) == link_hash(link)


def test_a_hash_does_not_depend_on_the_order_of_the_facts() -> None:
    link = chain(1)[0][0]
    there, back = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert link_hash(replace(link, data=there)) == link_hash(replace(link, data=back))


@given(st.text(max_size=8), st.text(max_size=8))
def test_what_stands_in_one_column_cannot_slide_into_the_next(left: str, right: str) -> None:
    link = chain(1)[0][0]
    split = replace(link, actor=left, verb=right)
    joined = replace(link, actor=left + right, verb="")
    assert (link_hash(split) == link_hash(joined)) == (right == "")
