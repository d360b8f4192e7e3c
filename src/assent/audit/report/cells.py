"""Keeps small cells out of what is published: nobody is to be recognised by being the only one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assent.audit.measures.ask import share
from assent.audit.terms import Measure

SMALLEST = 5

# Measures that divide one base among them: a small cell could be had by subtraction.
_DIVIDED = re.compile(r"^(gender|profession|type|theme)\.[^.]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: a measure, or what is said in place of one that is too small."""

    measure: Measure
    hidden: str = ""


def public(measures: Sequence[Measure]) -> list[Row]:
    """Return what may be published: small cells of a division are pooled, others are hidden."""
    rows: list[Row] = []
    done: set[str] = set()
    measures = _without_telling_splits(measures)
    for measure in measures:
        family = _family(measure)
        if family is None:
            rows.append(Row(measure, _hidden(measure)))
        elif family not in done:
            done.add(family)
            rows += _pooled([m for m in measures if _family(m) == family], family)
    return rows


def _without_telling_splits(measures: Sequence[Measure]) -> list[Measure]:
    """The measures without a division by rating that has a small cell: with the whole known, the
    other rating's figures would give it away."""
    telling = {
        measure.name.partition(".")[0]
        for measure in measures
        if by_rating(measure.name) and 0 < (measure.count or 0) < SMALLEST
    }
    return [
        m for m in measures
        if not (by_rating(m.name) and m.name.partition(".")[0] in telling)
    ]  # fmt: skip


def by_rating(name: str) -> bool:
    """Return whether a measure is a division's part within one rating, as gender.male.sfw is."""
    return re.fullmatch(r"(gender|profession)\.[^.]+\.n?sfw", name) is not None


def _family(measure: Measure) -> str | None:
    """`gender` and its ending by rating, where a measure is part of a division."""
    found = _DIVIDED.match(measure.name)
    if not found or measure.count is None:
        return None
    if re.fullmatch(r"theme\.(sfw_|nsfw_)human_deepfake", measure.name):
        return None
    return found.group(1) + measure.name[found.end() :]


def _pooled(parts: list[Measure], family: str) -> list[Row]:
    """The parts with the small ones put together, and the next ones until they are no longer small.

    Where even the whole would be one part, nothing but its size is said.
    """
    base = parts[0].base or 0
    ordered = sorted(parts, key=lambda one: (one.count or 0, one.name))
    zeros = [one for one in ordered if not one.count]
    rest = [one for one in ordered if one.count]
    pool = [one for one in rest if (one.count or 0) < SMALLEST]
    rest = [one for one in rest if one not in pool]
    unsaid = base - sum(one.count or 0 for one in parts)
    while pool and _count(pool) < SMALLEST and rest:
        pool.append(rest.pop(0))
    if 0 < unsaid < SMALLEST and not pool and rest:
        pool.append(rest.pop(0))
    if not pool:
        return [Row(one) for one in parts]
    kept = [Row(one) for one in parts if one in rest]
    if not kept:
        said = f"{base:,} in all: too few to be told apart"
        return [Row(Measure(family, parts[0].label, base, base), said)]
    return [*kept, Row(_together(pool, zeros, family, base))]


def _count(parts: Iterable[Measure]) -> int:
    return sum(one.count or 0 for one in parts)


def _together(pool: list[Measure], zeros: list[Measure], family: str, base: int) -> Measure:
    common = pool[0].label.partition(" among ")[2]
    names = [one.label.partition(" among ")[0] for one in pool]
    if len(names) > 3:
        names = [f"{len(names)} others"]
    label = " or ".join(sorted(names)) + (f" among {common}" if common else "")
    return share(f"{family}.pooled", label, _count(pool), base)


def _hidden(measure: Measure) -> str:
    """What is said in place of a figure that is too small, or "" where it is not."""
    if measure.name.startswith("versus."):
        return ""
    if measure.count is None:
        small = measure.base is not None and measure.base < SMALLEST
        return f"fewer than {SMALLEST} records" if small else ""
    if measure.base is None:
        return ""
    if measure.base < SMALLEST:
        return f"of fewer than {SMALLEST}"
    if 0 < measure.count < SMALLEST:
        return f"fewer than {SMALLEST} of {measure.base:,}"
    if 0 < measure.base - measure.count < SMALLEST:
        return f"all but fewer than {SMALLEST} of {measure.base:,}"
    return ""
