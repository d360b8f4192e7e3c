"""Draws the risk-coverage curve; only loaded when a plot is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert

from assent.core.screening.evaluation import Point


def draw(points: Sequence[Point], file: Path) -> None:
    """Write the curve as SVG or PNG, by the file's ending."""
    spec = _spec(points)
    if file.suffix.lower() == ".png":
        file.write_bytes(vl_convert.vegalite_to_png(spec, scale=2))
    else:
        file.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")


def _spec(points: Sequence[Point]) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": "Risk and coverage, surest verdicts first",
        "width": 520,
        "height": 320,
        "background": "white",
        "data": {"values": [point._asdict() for point in points]},
        "mark": {"type": "line", "interpolate": "step-after", "point": True},
        "encoding": {
            "x": _axis("coverage", "coverage: share decided without a person"),
            "y": _axis("risk", "risk: share of those decided wrongly"),
        },
    }


def _axis(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "axis": {"format": ".1~%"}}
