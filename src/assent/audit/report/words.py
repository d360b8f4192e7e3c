"""Numbers and findings in words."""

from __future__ import annotations

import re

from assent.audit.terms import Measure

# Measures that are proportions or p-values and not amounts.
_PROPORTION = re.compile(
    r"^(top20|persistence\.\S+\.day_|policy\.|supply\.top20|prevalence\.|versus\.(?!gini|agreement|reward|takedown))"
)
_PLAIN = re.compile(
    r"^(gini|agreement|versus\.(?:gini|agreement)|coding\.\w+\.|repeat\.gini|supply\.gini)"
)

_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"candidates", "People looked at {count} candidates."),
    (r"deepfakes\.all", "Of {base} candidates, {count} were confirmed as deepfakes: {share}."),
    (r"gender\.female", "Women are {share} of the {base} people depicted whose gender is known."),
    (r"gender\.male", "Men are {share} of them."),
    (r"marked\.all",
     "The platform had marked {share} of the confirmed deepfakes ({count} of {base})."),
    (r"marked\.(sfw|nsfw)",
     "Of the {group} ones it had marked {share} ({count} of {base}), and missed the others."),
    (r"marked\.gap_p",
     "That it misses one kind more often than the other has an exact p of {value}."),
    (r"recall\.false_marks", "Of {base} rejected candidates it had marked {share}."),
    (r"nsfw_weekly\.slope_per_year",
     "The weekly NSFW share changes by {points} percentage points a year."),
    (r"deepfake_weekly\.slope_per_year",
     "The weekly deepfake share changes by {points} percentage points a year."),
    (r"policy\..*", "{Label}: {points} percentage points."),
    (r"top20\.(all|sfw|nsfw|deepfake)",
     "The most active fifth of requesters posts {value} of the requests ({said})."),
    (r"awarded\.(all|sfw|nsfw|deepfake)",
     "Of {base} requests whose end is known ({said}), {share} were awarded."),
    (r"persistence\.(\S+)\.day_(\d+)",
     "{tail} days after the ban of {day}, {value} of the likenesses that were there still were."),
    (r"persistence\.(\S+)\.items", "When the ban of {day} began, {value} likenesses were there."),
    (r"reward\.(all|sfw|nsfw|deepfake)\.mean", "{Label}: {value} credits."),
    (r"reward\.(all|sfw|nsfw|deepfake)\.total", "{Label}: {value} credits."),
    (r"takedown\.(hide|decide)\.within_48h", "{Label}: {share} of {base} notices."),
)  # fmt: skip
_GROUPS = {"sfw": "SFW", "nsfw": "NSFW", "all": "all", "deepfake": "deepfakes"}


PERCENT = "\u00a0%"  # one word, with its number


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{100 * share:.1f}\u00a0%"


def number(value: float) -> str:
    """Return an amount with a sensible number of digits."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def shown(measure: Measure, value: float | None) -> str:
    """Return one end or the middle of a measure in its own unit."""
    if value is None:
        return "–"
    if measure.share is not None or _PROPORTION.match(measure.name):
        return percent(value)
    if measure.name.endswith("slope_per_year"):
        return f"{100 * value:+.1f}"
    if measure.name.endswith("_p"):
        return f"{value:.3f}" if value >= 0.001 else "< 0.001"
    return f"{value:.2f}" if _PLAIN.match(measure.name) else number(value)


def with_interval(measure: Measure) -> str:
    """Return a figure with its 95 % interval."""
    middle = shown(measure, measure.share if measure.share is not None else measure.value)
    if measure.low is None or measure.high is None:
        return middle
    low, high = shown(measure, measure.low), shown(measure, measure.high)
    return f"{middle} (95\u00a0% interval {low.removesuffix(PERCENT)} to {high})"


def sentence(measure: Measure) -> str:
    """Return a finding as a sentence."""
    for pattern, text in _SENTENCES:
        if re.fullmatch(pattern, measure.name):
            return text.format(**_parts(measure))
    parts = _parts(measure)
    if measure.share is not None:
        return "{Label}: {count} of {base}, {share}.".format(**parts)
    return "{Label}: {value}.".format(**parts)


def _parts(measure: Measure) -> dict[str, str]:
    tail = measure.name.rpartition(".")[2]
    both = with_interval(measure)
    day = re.search(r"\d{4}-\d\d-\d\d", measure.name)
    return {
        "count": f"{measure.count:,}" if measure.count is not None else "",
        "base": f"{measure.base:,}" if measure.base is not None else "",
        "share": both, "value": both,
        "points": _points(measure), "day": day.group() if day else "",
        "group": _GROUPS.get(tail, tail), "said": _GROUPS.get(tail, tail),
        "tail": tail.removeprefix("day_"),
        "Label": measure.label[:1].upper() + measure.label[1:],
    }  # fmt: skip


def _points(measure: Measure) -> str:
    """A difference of shares in percentage points."""
    value, low, high = (
        "–" if end is None else f"{100 * end:+.1f}"
        for end in (measure.value, measure.low, measure.high)
    )
    return value if "–" in (low, high) else f"{value} (95\u00a0% interval {low} to {high})"
