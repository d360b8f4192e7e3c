"""Who is depicted, and whether the platform noticed: the study's figures 3 and 5."""

from __future__ import annotations

import polars as pl

from assent.audit.measures.ask import Facts, share, total
from assent.audit.schema import PROFESSIONS, slug
from assent.audit.stats.intervals import fisher
from assent.audit.terms import Findings, Measure, lacking

_CATEGORIES = {"all": pl.lit(value=True), "sfw": ~pl.col("nsfw"), "nsfw": pl.col("nsfw")}
_NO_VERDICT = "no column says which records a person confirmed or rejected (deepfake)"
_NO_RATING = "no column has the platform's rating"
GENDERS = {"female": "women", "male": "men", "non_binary": "non-binary people"}


def targets(facts: Facts) -> Findings:
    """Return candidates, confirmed deepfakes, genders, professions and marks."""
    if not facts.has("deepfake"):
        names = [f"{what}.{c}" for what in ("deepfakes", "marked") for c in _CATEGORIES]
        genders = [f"gender.{name}" for name in GENDERS]
        return lacking(_NO_VERDICT, "candidates", *names, "gender", *genders, "profession")
    table = facts.tables["targets"]
    confirmed = table.filter(pl.col("deepfake"))
    return (
        Findings((Measure("candidates", "candidates that a person looked at", total(table)),))
        + _confirmed(table)
        + _genders(facts, confirmed)
        + _professions(facts, confirmed)
        + _marks(facts, confirmed)
    )


def _confirmed(table: pl.DataFrame) -> Findings:
    found = Findings()
    for name, where in _CATEGORIES.items():
        base = total(table, where)
        label = "candidates confirmed as deepfakes" + ("" if name == "all" else f", {name.upper()}")
        found += _shared(f"deepfakes.{name}", label, total(table, where & pl.col("deepfake")), base,
                         _NO_RATING)  # fmt: skip
    return found


def _shared(name: str, label: str, count: int, base: int, why: str) -> Findings:
    return Findings((share(name, label, count, base),)) if base else lacking(why, name)


def _genders(facts: Facts, confirmed: pl.DataFrame) -> Findings:
    if not facts.has("gender"):
        why = "no column has the gender of the person depicted"
        return lacking(why, "gender", *(f"gender.{name}" for name in GENDERS))
    known = confirmed.filter(pl.col("gender").is_not_null())
    others = set(known["gender"]) - set(GENDERS)
    found = Findings()
    for category, where in _CATEGORIES.items():
        end = "" if category == "all" else f".{category}"
        for gender, label in [*GENDERS.items(), *((g, g) for g in sorted(others))]:
            count = total(known, where & (pl.col("gender") == gender))
            said = f"{label} among the people depicted" + (f", {end[1:].upper()}" if end else "")
            why = "no confirmed deepfake of this rating has a gender"
            found += _shared(f"gender.{gender}{end}", said, count, total(known, where), why)
    return found


def grouped_professions(confirmed: pl.DataFrame) -> pl.DataFrame:
    """Return the table with professions as the study's figure groups them: `name` and `label`."""
    words = confirmed["profession"].drop_nulls().unique().to_list()
    groups = {w: PROFESSIONS.get(slug(w), (slug(w), w.strip().capitalize())) for w in words}
    known = confirmed.filter(pl.col("profession").is_not_null())
    names, labels = (
        pl.col("profession")
        .replace_strict(words, [groups[w][k] for w in words], return_dtype=pl.String)
        for k in (0, 1)
    )  # fmt: skip
    return known.with_columns(name=names, label=labels)


def _professions(facts: Facts, confirmed: pl.DataFrame) -> Findings:
    if not facts.has("profession"):
        return lacking("no column has the profession of the person depicted", "profession")
    table, base = grouped_professions(confirmed), total(confirmed)
    sizes = (
        table.group_by("name", "label").agg(pl.col("n").sum()).sort("n", "name", descending=True)
    )
    found = []
    for name, label, count in sizes.iter_rows():
        found.append(share(f"profession.{name}", label, count, base))
        for category in ("sfw", "nsfw"):
            part = total(table, _CATEGORIES[category] & (pl.col("name") == name))
            whole = total(confirmed, _CATEGORIES[category])
            if whole:
                said = f"{label}, {category.upper()}"
                found.append(share(f"profession.{name}.{category}", said, part, whole))
    return Findings(tuple(found))


def _marks(facts: Facts, confirmed: pl.DataFrame) -> Findings:
    names = [f"marked.{category}" for category in _CATEGORIES]
    if not facts.has("marked"):
        return lacking("no column says what the platform itself had marked", *names)
    known = confirmed.filter(pl.col("marked").is_not_null())
    found = Findings()
    for category, where in _CATEGORIES.items():
        label = "confirmed deepfakes that the platform had marked"
        label += "" if category == "all" else f", {category.upper()}"
        count = total(known, where & pl.col("marked"))
        found += _shared(f"marked.{category}", label, count, total(known, where), _NO_RATING)
    return found + _marks_by(facts, known) + _mark_gap(known)


def _marks_by(facts: Facts, known: pl.DataFrame) -> Findings:
    parts: list[tuple[str, str, pl.DataFrame]] = []
    if facts.has("gender"):
        for gender, label in GENDERS.items():
            parts.append((f"gender.{gender}", label, known.filter(pl.col("gender") == gender)))
    if facts.has("profession"):
        grouped = grouped_professions(known)
        pairs = sorted(set(zip(grouped["name"], grouped["label"], strict=True)))
        parts += [
            (f"profession.{n}", said, grouped.filter(pl.col("name") == n)) for n, said in pairs
        ]
    found = Findings()
    for end, said, table in parts:
        if table.height:
            count = total(table, pl.col("marked"))
            made = share(f"marked.{end}", f"marked by the platform: {said}", count, total(table))
            found += Findings((made,))
    return found


def _mark_gap(known: pl.DataFrame) -> Findings:
    """Does the platform miss explicit deepfakes more often? Fisher's exact test."""
    sfw, nsfw = (
        (total(known, where & pl.col("marked")), total(known, where & ~pl.col("marked")))
        for where in (_CATEGORIES["sfw"], _CATEGORIES["nsfw"])
    )
    if not sum(sfw) or not sum(nsfw):
        return Findings()
    p = fisher(sfw, nsfw)
    return Findings(
        (Measure("marked.gap_p", "Fisher's exact p: marked, SFW against NSFW", value=p),)
    )
