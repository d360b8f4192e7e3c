"""A simulated year: the report equals an independent recount written another way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from assent.core.transparency import (
    ACTIVE,
    BESIDE,
    FEW,
    MEDIANS,
    SMALL,
    Period,
    Row,
    figures,
    figures_of_each,
    months_of,
    period_of,
    withheld,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def a_year(seed: int) -> list[Row]:
    """Invented rows of a year and a half, in order, as a marketplace would write them."""
    dice = Random(seed)
    rows: list[Row] = []
    for number in range(400):
        at = START - timedelta(days=60) + timedelta(minutes=dice.randrange(500 * 24 * 60))
        case = f"case{number}"
        named = dice.choice([0, 1, 1, 3])
        rows.append(Row(at, "case.received", case, "takedown.hide_first",
                        {"named": named, "copies": dice.randrange(3)}))  # fmt: skip
        for wait in dice.choice([[], [5], [14, 16], [300]]):
            joined = at + timedelta(minutes=wait)
            rows.append(Row(joined, "case.joined", case, "takedown.found_by_search", {"items": 1}))
        decided = at + timedelta(hours=dice.choice([1, 5, 23, 30, 47, 49, 90]))
        if dice.random() < 0.7:
            rows.append(Row(decided, "case.decided", case, "takedown.likeness", {"removed": named}))
        elif dice.random() < 0.7:
            ground = dice.choice(["not_found", "no_likeness"])
            data = {"given_back": named, "ground": ground}
            rows.append(Row(decided, "case.decided", case, "takedown.turned_down", data))
            if dice.random() < 0.5:
                rows.append(Row(decided + timedelta(days=3), "case.complained", case, "x", {}))
                rows.append(Row(decided + timedelta(days=4), "case.complaint_answered", case, "x",
                                {"upheld": dice.random() < 0.5}))  # fmt: skip
        if decided - at > timedelta(hours=48):
            why = dice.choice(["search", "staff"])
            rows.append(Row(decided, "case.explained", case, "takedown.clock", {"why": why},
                            f"member{dice.randrange(6)}"))  # fmt: skip
        rows.append(Row(at, "item.ruled", f"item{number}", dice.choice(
            ["likeness", "unsure", "staydown.match", "moderator.refused"]),
            {"placement": dice.choice(["hold", "refuse", "publish"])}))  # fmt: skip
        rows.append(Row(at, "credits.resolved", f"b{number}", dice.choice(["x", "sale.given_back"]),
                        {"key": dice.choice(["payout:a:b:c", "pledge:a"]),
                         "how": dice.choice(["void", "post"])}))  # fmt: skip
    return sorted(rows, key=lambda r: r.at)


def recounted(rows: list[Row], period: Period) -> dict[str, float]:
    """The same figures the slow way: one question after the other, over all rows."""
    inside = [r for r in rows if period.first <= r.at.date() <= period.last]
    came = {r.subject: r.at for r in rows if r.verb == "case.received"}
    ends = [r for r in inside if r.verb == "case.decided"]
    took = [(r.at - came[r.subject]).total_seconds() / 3600 for r in ends]
    new = [r for r in inside if r.verb == "case.received"]
    ruled = [r for r in inside if r.verb == "item.ruled"]
    by_machine = [r for r in ruled if r.rule in ("likeness", "unsure")]
    grounds = [r.data.get("ground") for r in ends]
    first = {}
    for row in rows:
        if row.verb == "case.joined" or (row.verb == "case.received" and (
                row.data["named"] or row.data["copies"])):  # fmt: skip
            first.setdefault(row.subject, row.at)
    waits = sorted(
        (at - came[case]).total_seconds() / 60 for case, at in first.items()
        if period.first <= at.date() <= period.last
    )  # fmt: skip
    half = waits[(len(waits) - 1) // 2], waits[len(waits) // 2]
    middle = sorted(took)[(len(took) - 1) // 2], sorted(took)[len(took) // 2]
    return {
        "requests received": len(new),
        "requests that named something": len([r for r in new if r.data["named"]]),
        "items named and hidden in the same request": sum(r.data["named"] for r in new),
        "copies hidden with them": sum(r.data["copies"] for r in new),
        "requests decided": len(ends),
        "decided within 24 hours": len([t for t in took if t <= 24]),
        "decided within 48 hours": len([t for t in took if t <= 48]),
        "decided late": len([t for t in took if t > 48]),
        "late, because: the search took long": len(
            [r for r in inside if r.data.get("why") == "search"]
        ),
        "late, because: too few people were on duty": len(
            [r for r in inside if r.data.get("why") == "staff"]
        ),
        "items removed": sum(r.data.get("removed", 0) for r in ends),
        "turned down: searched and not found": grounds.count("not_found"),
        "turned down: it shows no real person": grounds.count("no_likeness"),
        "complaints received": len([r for r in inside if r.verb == "case.complained"]),
        "complaints upheld": len([r for r in inside if r.data.get("upheld") is True]),
        "re-uploads refused": len([r for r in ruled if r.rule == "staydown.match"]),
        "items held by screening": len([r for r in by_machine if r.data["placement"] == "hold"]),
        "items refused by screening": len(
            [r for r in by_machine if r.data["placement"] == "refuse"]
        ),
        "payouts stopped": len(
            [r for r in inside if r.verb == "credits.resolved" and r.data["how"] == "void"
             and r.data["key"].startswith("payout") and r.rule != "sale.given_back"]
        ),
        "something hidden for the first time": len(waits),
        "of these within 15 minutes of the request": len([w for w in waits if w <= 15]),
        "median minutes until something is hidden": round(sum(half) / 2, 1),
        "median hours to a decision": round(sum(middle) / 2, 1),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["2026", "2026-02", "2026-12"])
def test_req_tra_07_a_report_equals_an_independent_recount(seed: int, name: str) -> None:
    rows, period = a_year(seed), period_of(name)
    found = figures(rows, period)
    assert recounted(rows, period).items() <= found.items()


def test_the_months_add_up_to_the_year() -> None:
    rows = a_year(7)
    months = [figures(rows, period_of(f"2026-{m:02d}")) for m in range(1, 13)]
    year = figures(rows, period_of("2026"))
    for name in year:
        if name not in MEDIANS:
            assert sum(m[name] or 0 for m in months) == year[name]


def test_req_tra_05_small_counts_are_withheld() -> None:
    shown = withheld({"a": 0, "b": 1, "c": SMALL - 1, "d": SMALL, "median hours": 3.0})
    assert shown == {
        "a": 0, "b": "fewer than 5", "c": "fewer than 5", "d": 5, "median hours": 3.0,
    }  # fmt: skip
    few = withheld({"requests decided": 2, "median hours to a decision": 3.0})
    assert few["median hours to a decision"] is None


@pytest.mark.parametrize(
    "text", ["", "2026-13", "26", "2026-1", "2026-11-01", "x", "0000", "2026-00"]
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write|year|month"):
        period_of(text)


def test_periods_end_where_the_calendar_says() -> None:
    assert period_of("2028-02").last == date(2028, 2, 29)
    assert period_of("2026-12").last == date(2026, 12, 31)
    assert period_of("2026").first == date(2026, 1, 1)


def test_req_tra_04_members_active_are_counted_once_a_month() -> None:
    days = [START + timedelta(days=day) for day in (0, 1, 40)]
    rows = [Row(at, "token.made", "x", "x", {}, who) for at in days for who in ("a", "a", "worker")]
    assert figures(rows, period_of("2026-01"))[ACTIVE] == 1.0
    assert figures(rows, period_of("2026-03"))[ACTIVE] == 0.0
    assert figures(rows, period_of("2026"))[ACTIVE] == round(2 / 12, 1)


def test_a_sum_does_not_give_a_withheld_count_away() -> None:
    found = {"requests decided": 12, "decided within 48 hours": 10, "decided late": 2}
    shown = withheld(found)
    assert shown == {
        "requests decided": 12, "decided within 48 hours": BESIDE, "decided late": FEW,
    }  # fmt: skip
    nothing_late = {"requests decided": 12, "decided within 48 hours": 12, "decided late": 0}
    assert withheld(nothing_late) == nothing_late


def test_the_year_does_not_give_a_withheld_month_away() -> None:
    busy, quiet = {"requests received": 20}, {"requests received": 3}
    nothing = [{"requests received": 0}] * 10
    year = {"requests received": 23}
    assert withheld(year, [busy, quiet, *nothing]) == {"requests received": "at least 20"}
    # Two months with one each: the rest of the year says so exactly.
    ones = [{"requests received": 1}, {"requests received": 1}, busy]
    assert withheld({"requests received": 22}, ones) == {"requests received": "at least 20"}
    # Two months that may be two and three, or three and two: the year may be told.
    some = [{"requests received": 2}, {"requests received": 3}, busy]
    assert withheld({"requests received": 25}, some) == {"requests received": 25}


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_is_withheld_can_be_worked_out(seed: int) -> None:
    """An outsider with the year and its twelve months subtracts; see whether one number is left."""
    dice = Random(seed)
    rows = [r for r in a_year(seed) if dice.random() < 0.12]
    year = period_of("2026")
    found, *months = figures_of_each(rows, [year, *months_of(year)])
    shown_months, shown = [withheld(m) for m in months], withheld(found, months)
    for name in found:
        if name in MEDIANS:
            continue
        hidden = [i for i, m in enumerate(shown_months) if isinstance(m[name], str)]
        if hidden and isinstance(shown[name], int):
            left = sum(months[i][name] or 0 for i in hidden)
            assert len(hidden) > 1, name
            if all(shown_months[i][name] == FEW for i in hidden):
                assert len(hidden) < left < 4 * len(hidden), name
    for one in (*shown_months, shown):
        parts = [one["requests decided"], one["decided within 48 hours"], one["decided late"]]
        assert [isinstance(p, int) for p in parts].count(False) != 1 or 0 in parts, parts
