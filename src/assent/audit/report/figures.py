"""Figures as Vega-Lite: one specification, interactive in the page and still beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assent.audit.measures.ask import GROUPS, Facts
from assent.audit.measures.people import activity
from assent.audit.measures.time import stay_curve, weekly, weekly_trend
from assent.audit.report.cells import SMALLEST, Row, by_rating
from assent.audit.stats.concentration import curve

Spec = dict[str, Any]
_INK = {"expr": "ink"}
HEIGHT = 260


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `alt` says in words what it shows. `dates` are drawn as vertical lines."""

    name: str
    title: str
    alt: str
    spec: Spec


def forest(name: str, title: str, rows: Sequence[Row], trim: str = "") -> Figure | None:
    """Return shares as points with their intervals, a line each."""
    shown = [row.measure for row in rows if not row.hidden and row.measure.share is not None]
    if len(shown) < 2:
        return None
    values = [
        {"what": _short(m.label, trim), "share": m.share, "low": m.low, "high": m.high,
         "count": m.count, "base": m.base}
        for m in shown
    ]  # fmt: skip
    tips = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": "share", "type": "quantitative", "format": ".1%"},
        {"field": "low", "type": "quantitative", "format": ".1%"},
        {"field": "high", "type": "quantitative", "format": ".1%"},
        {"field": "count", "type": "quantitative", "format": ","},
        {"field": "base", "type": "quantitative", "format": ",", "title": "of"},
    ]
    y = {"field": "what", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelLimit": 190, "grid": False, "ticks": False, "domain": False}}  # fmt: skip
    x = {"field": "low", "type": "quantitative", "title": "share, with 95 % interval",
         "axis": {"format": ".0%", "values": _ticks(max(float(m.high or 0) for m in shown))},
         "scale": {"domain": [0, 1.3 * max(float(m.high or 0) for m in shown)]}}  # fmt: skip
    spec: Spec = {
        "data": {"values": values}, "height": 26 * len(values) + 52,
        "encoding": {"y": y, "tooltip": tips},
        "layer": [
            {"mark": {"type": "rule", "size": 3, "opacity": 0.45},
             "encoding": {"x": x, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
             "encoding": {"x": {**x, "field": "share"}}},
            {"mark": {"type": "text", "align": "right", "fontSize": 12, "color": _INK},
             "encoding": {"x": {"value": "width"},
                          "text": {"field": "share", "type": "quantitative", "format": ".1%"}}},
        ],
    }  # fmt: skip
    said = "; ".join(f"{v['what']} {100 * float(v['share'] or 0):.1f} %" for v in values[:6])
    return Figure(name, title, f"{title}: {said}.", spec)


def _ticks(top: float) -> list[float]:
    """At most six round shares from 0 up to the first beyond `top`, and never more than 100 %."""
    step = next((one for one in (0.01, 0.02, 0.05, 0.1, 0.2) if top / one <= 5), 0.25)
    return [round(step * k, 2) for k in range(6) if step * (k - 1) < top and step * k <= 1]


def _short(label: str, trim: str) -> str:
    text = (label + ",").removeprefix(trim).strip(" ,") or "All"
    text = text.partition(" among the people")[0]
    return text[:1].upper() + text[1:]


def weeks(facts: Facts) -> Figure | None:
    """Return the weekly NSFW share with its trend, and the policy dates."""
    line = weekly_trend(facts) if facts.has("created_at") else None
    if line is None:
        return None
    dates, shares, counts = weekly(facts)
    rows = zip(dates, shares, counts, line.line, line.low, line.high, strict=True)
    values = [
        {"week": str(week), "share": float(share), "records": int(n), "trend": float(mid),
         "low": max(0.0, float(low)), "high": min(1.0, float(high))}
        for week, share, n, mid, low, high in rows if n >= SMALLEST
    ]  # fmt: skip
    x = {"field": "week", "type": "temporal", "title": None, "axis": {"grid": False}}
    y = {"type": "quantitative", "axis": {"format": ".0%"}, "title": "NSFW share"}
    tips = [
        {"field": "week", "type": "temporal", "title": "week of"},
        {"field": "share", "type": "quantitative", "format": ".1%"},
        {"field": "records", "type": "quantitative", "format": ","},
    ]
    zoom = {"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}
    layers: list[Spec] = [
        {"mark": {"type": "area", "opacity": 0.2},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"mark": {"type": "line", "size": 2}, "encoding": {"x": x, "y": {**y, "field": "trend"}}},
        {"mark": {"type": "point", "filled": True, "size": 28, "opacity": 0.6}, "params": [zoom],
         "encoding": {"x": x, "y": {**y, "field": "share"}, "tooltip": tips}},
    ]  # fmt: skip
    layers += [_date_rule(str(ban.date())) for ban in facts.bans]
    spec: Spec = {"data": {"values": values}, "height": HEIGHT, "layer": layers}
    title = "NSFW share of each week, with its trend"
    alt = f"{title}: {100 * line.slope:+.1f} percentage points a year over {len(dates)} weeks."
    return Figure("weeks", title, alt, spec)


def _date_rule(day: str) -> Spec:
    return {
        "data": {"values": [{"day": day}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "size": 1.5, "color": _INK},
        "encoding": {"x": {"field": "day", "type": "temporal"},
                     "tooltip": {"field": "day", "type": "temporal", "title": "policy date"}},
    }  # fmt: skip


def concentration(facts: Facts) -> Figure | None:
    """Return how much the most active requesters ask for, a curve for each group."""
    if not facts.has("requester"):
        return None
    values: list[Spec] = []
    for name, said in GROUPS.items():
        counts, copies = activity(facts, name)
        if copies.sum() < 4 * SMALLEST:
            continue
        units, held = curve(counts, copies)
        values += [
            {"group": said, "requesters": float(u), "requests": float(h)}
            for u, h in zip(units, held, strict=True)
        ]
    if not values:
        return None
    axis = {"format": ".0%", "tickCount": 5}
    # One domain for both, so that colour and dashes share one legend.
    there = list(dict.fromkeys(one["group"] for one in values))
    shade = {"field": "group", "type": "nominal", "title": None, "scale": {"domain": there}}
    spec: Spec = {
        "data": {"values": values}, "height": HEIGHT,
        "layer": [
            {"mark": {"type": "line", "size": 2.5}, "encoding": {
                "x": {"field": "requesters", "type": "quantitative", "axis": axis,
                      "title": "requesters, the most active first"},
                "y": {"field": "requests", "type": "quantitative", "axis": axis,
                      "title": "requests that they posted"},
                "color": shade,
                "strokeDash": shade,
            }},
            {"data": {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]},
             "mark": {"type": "line", "strokeDash": [2, 4], "size": 1, "color": _INK},
             "encoding": {"x": {"field": "a", "type": "quantitative"},
                          "y": {"field": "b", "type": "quantitative"}}},
        ],
    }  # fmt: skip
    title = "How few requesters post how many of the requests"
    return Figure("concentration", title, title + "; the dotted line would be equality.", spec)


def stays(facts: Facts) -> list[Figure]:
    """Return, for each ban, how long what it prohibits was still there."""
    found = []
    for ban in facts.bans:
        line = stay_curve(facts, ban) if facts.has("created_at") else None
        if line is None or len(line.days) < 2:
            continue
        last = int(facts.tables[f"stay:{ban.date()}"]["days"].to_numpy().max())
        points = list(zip(line.days, line.share, line.low, line.high, strict=True))
        points.append((last, line.share[-1], line.low[-1], line.high[-1]))
        values = [
            {"days": int(d), "share": float(s), "low": float(a), "high": float(b)}
            for d, s, a, b in points
        ]
        title = f"Likenesses still there after the ban of {ban.date()}"
        alt = f"{title}: {100 * float(line.share[-1]):.0f} % after {last} days."
        found.append(Figure(f"stay-{ban.date()}", title, alt, _steps(values)))
    return found


def _steps(values: Sequence[Mapping[str, float]]) -> Spec:
    x = {"field": "days", "type": "quantitative", "title": "days after the ban"}
    y = {"type": "quantitative", "axis": {"format": ".0%"}, "title": "still there",
         "scale": {"domain": [0, 1]}}  # fmt: skip
    tips = [
        {"field": "days", "type": "quantitative"},
        {"field": "share", "type": "quantitative", "format": ".1%"},
    ]
    step = {"interpolate": "step-after"}
    return {
        "data": {"values": list(values)}, "height": HEIGHT,
        "layer": [
            {"mark": {"type": "area", "opacity": 0.2, **step},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "line", "size": 2.5, **step},
             "encoding": {"x": x, "y": {**y, "field": "share"}, "tooltip": tips}},
        ],
    }  # fmt: skip


FromRows = Callable[[Sequence[Row]], Figure | None]


def _of(rows: Sequence[Row], prefix: str) -> list[Row]:
    found = (r for r in rows if r.measure.name.startswith(prefix))
    return [row for row in found if not by_rating(row.measure.name)]


def figures(chapter: str, facts: Facts, rows: Sequence[Row]) -> list[Figure]:
    """Return the figures of a chapter that there is data for."""
    made: list[Figure | None] = []
    if chapter == "targets":
        made += [
            forest("gender", "Gender of the people depicted", _of(rows, "gender.")),
            forest("profession", "Profession of the people depicted", _of(rows, "profession.")),
            forest("marked", "Confirmed deepfakes that the platform had marked",
                   [r for r in rows if r.measure.name in {f"marked.{c}" for c in GROUPS}],
                   "confirmed deepfakes that the platform had marked,"),
            forest("marked-by", "What the platform had marked, by who is depicted",
                   _of(rows, "marked.gender.") + _of(rows, "marked.profession."),
                   "marked by the platform:"),
        ]  # fmt: skip
    elif chapter == "market":
        made += [
            forest("types", "Types of work", _of(rows, "type.")),
            forest("nsfw-by-type", "NSFW share of each type", _of(rows, "nsfw_by_type."), "NSFW:"),
            forest("themes", "Themes", [r for r in _of(rows, "theme.")
                                        if r.measure.name != "theme.human_deepfake"]),
        ]  # fmt: skip
    elif chapter == "money":
        made.append(forest("awarded", "Requests that were awarded", _of(rows, "awarded.")))
    elif chapter == "time":
        made.append(weeks(facts))
    elif chapter == "concentration":
        made.append(concentration(facts))
    elif chapter == "stay":
        made += stays(facts)
    return [one for one in made if one is not None]
