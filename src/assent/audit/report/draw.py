"""Draws figures: still ones as SVG and PNG, and the script that makes them interactive."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import vl_convert

from assent.audit.report.figures import Figure, Spec

WIDTH = 640
_CLIP = re.compile(r"\bclip\d+\b")
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif"
# Okabe and Ito's colours, darkened or lightened until each has 3:1 against its ground.
_LIGHT = ("#1d5fa6", "#b5442e", "#0b7a5b", "#7a4fa3")
_DARK = ("#7fb6f5", "#ff9d7d", "#5fd0ac", "#c9a6f0")


def theme(*, dark: bool) -> dict[str, Any]:
    """Return the look of figures on a light or dark page."""
    ink, faint = ("#e8e6e1", "#3a3f47") if dark else ("#1c1b19", "#dcd8d0")
    colours = _DARK if dark else _LIGHT
    axis = {"labelColor": ink, "titleColor": ink, "tickColor": faint, "domainColor": faint,
            "gridColor": faint, "labelFontSize": 12, "titleFontSize": 12,
            "titleFontWeight": "normal"}  # fmt: skip
    return {
        "background": None, "font": _FONT, "axis": axis, "view": {"stroke": None},
        "legend": {"labelColor": ink, "orient": "top", "labelFontSize": 12, "symbolStrokeWidth": 3},
        "range": {"category": list(colours)},
        "mark": {"color": colours[0]}, "point": {"color": colours[0]},
        "rule": {"color": colours[0]}, "line": {"color": colours[0]}, "area": {"color": colours[0]},
        "params": [{"name": "ink", "value": ink}],
    }  # fmt: skip


def whole(figure: Figure, width: int | str, *, dark: bool) -> Spec:
    """Return the specification with its look, complete."""
    config = theme(dark=dark)
    return {
        "description": figure.alt, "width": width,
        "autosize": {"type": "fit", "contains": "padding"},
        "params": config.pop("params"), **figure.spec, "config": config,
    }  # fmt: skip


def svg(figure: Figure, *, dark: bool = False, ground: bool = False) -> str:
    """Return the still figure; with `ground` on the page's own colour instead of on none."""
    found: str = vl_convert.vegalite_to_svg(_still(figure, dark=dark, ground=ground))
    # The library numbers its clips through the life of the process; a repeated audit is the same.
    numbers = {name: f"clip-{at}" for at, name in enumerate(dict.fromkeys(_CLIP.findall(found)))}
    return _CLIP.sub(lambda match: numbers[match.group()], found)


def png(figure: Figure) -> bytes:
    """Return the still figure as a picture of twice the density, on white."""
    found: bytes = vl_convert.vegalite_to_png(_still(figure, dark=False, ground=True), scale=2)
    return found


def _still(figure: Figure, *, dark: bool, ground: bool) -> str:
    spec = whole(figure, WIDTH, dark=dark)
    if ground:
        spec["config"] = {**spec["config"], "background": "#16181c" if dark else "#ffffff"}
    return json.dumps(spec)


@cache
def script() -> str:
    """Return the libraries that make figures interactive, as one module."""
    found: str = vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;")
    return found


def in_script(value: Mapping[str, Any] | list[Any]) -> str:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c")
