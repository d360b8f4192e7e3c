"""Two marketplaces, or two periods of one: how their measures differ."""

from __future__ import annotations

import re
from math import hypot

from assent.audit.stats.intervals import difference
from assent.audit.terms import Findings, Measure

_NO_DIFFERENCE = re.compile(
    r"(_p|\.pooled|\.coders|\.change_points|\.total)$|^coding\.|^candidates$"
)


def versus(ours: Findings, theirs: Findings) -> Findings:
    """Return first less second for every measure that both have with an interval.

    Shares by Newcombe's method. Values by its generalisation, which recovers the variances from
    the two intervals (Zou and Donner 2008); the two sources are taken as independent.
    """
    other = {measure.name: measure for measure in theirs.measures}
    made = []
    for one in ours.measures:
        two = other.get(one.name)
        gap = None if two is None or _NO_DIFFERENCE.search(one.name) else _gap(one, two)
        if gap is not None:
            label = f"{one.label}: first less second"
            value, low, high = gap
            made.append(Measure(f"versus.{one.name}", label, value=value, low=low, high=high))
    return Findings(tuple(made))


def _gap(one: Measure, two: Measure) -> tuple[float, float, float] | None:
    if one.share is not None and two.share is not None:
        return difference((one.count or 0, one.base or 1), (two.count or 0, two.base or 1))
    ends = (one.value, one.low, one.high, two.value, two.low, two.high)
    if any(end is None for end in ends):
        return None
    a, a_low, a_high, b, b_low, b_high = (float(end or 0) for end in ends)
    return a - b, a - b - hypot(a - a_low, b_high - b), a - b + hypot(a_high - a, b - b_low)
