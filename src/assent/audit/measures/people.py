"""How concentrated requests and work are: the study's figure 4, repeat targeting, supply side."""

from __future__ import annotations

import numpy as np
import polars as pl

from assent.audit.measures.ask import GROUPS, Facts, group, share, total, value
from assent.audit.stats.bootstrap import Ints, of_counts
from assent.audit.stats.concentration import gini, top_share
from assent.audit.terms import Findings, lacking


def concentration(facts: Facts) -> Findings:
    """Return Gini and the share of the most active fifth of requesters, for each group.

    SFW and NSFW by the platform's rating, deepfakes by final theme or verdict; requesters without
    a record of the group are not in its base.
    """
    if not facts.has("requester"):
        names = [f"{what}.{name}" for what in ("gini", "top20") for name in GROUPS]
        return lacking("no column has the requester", *names)
    found = Findings()
    for name, said in GROUPS.items():
        values, copies = activity(facts, name)
        if not len(values):
            why = "no record is known to be of this group"
            found += lacking(why, f"gini.{name}", f"top20.{name}")
            continue
        ends = of_counts(values, copies, gini, facts.seed)
        tops = of_counts(values, copies, top_share, facts.seed)
        found += Findings((
            value(f"gini.{name}", f"Gini of requests among requesters: {said}",
                  float(gini(values, copies)), *ends),
            value(f"top20.{name}", f"share of requests by the most active fifth: {said}",
                  float(top_share(values, copies)), *tops),
        ))  # fmt: skip
    return found


def activity(facts: Facts, name: str) -> tuple[Ints, Ints]:
    """Return (how many records, how many requesters have as many) in a group, ascending."""
    part = facts.tables["requesters"].filter(group(name, "nsfw"))
    return _histogram(part.group_by("requester_key").agg(pl.col("n").sum())["n"])


def _histogram(counts: pl.Series) -> tuple[Ints, Ints]:
    values, copies = np.unique(counts.to_numpy().astype(np.int64), return_counts=True)
    return values, copies.astype(np.int64)


def repeats(facts: Facts) -> Findings:
    """Return how often the same depicted person is asked for again."""
    names = ("repeat.people", "repeat.share_of_people", "repeat.share_of_requests", "repeat.gini")
    if not facts.has("subject"):
        return lacking("no column says who is depicted (subject)", *names)
    table = facts.tables["subjects"]
    people = table.group_by("subject").agg(pl.col("n").sum())
    if not people.height:
        return lacking("no record says who is depicted", *names)
    again = people.filter(pl.col("n") > 1)
    values, copies = _histogram(people["n"])
    found = [
        value(names[0], "different people depicted", people.height),
        share(names[1], "depicted people asked for more than once", again.height, people.height),
        share(names[2], "requests for people asked for again", total(again), total(people)),
        value(names[3], "Gini of requests among depicted people", float(gini(values, copies)),
              *of_counts(values, copies, gini, facts.seed)),
    ]  # fmt: skip
    return Findings(tuple(found)) + _by_several(table)


def _by_several(table: pl.DataFrame) -> Findings:
    known = table.filter(pl.col("requester_key").is_not_null())
    if not known.height:
        return lacking("no column has the requester", "repeat.by_several")
    per = known.group_by("subject").agg(pl.len().alias("requesters"))
    several = per.filter(pl.col("requesters") > 1).height
    said = "depicted people asked for by more than one requester"
    return Findings((share("repeat.by_several", said, several, per.height),))


def supply(facts: Facts) -> Findings:
    """Return who makes the work: creators, their concentration, and who makes likenesses."""
    names = ("supply.creators", "supply.gini", "supply.top20", "supply.likeness_creators")
    if not facts.has("creator"):
        return lacking("no column has the creator", *names)
    table = facts.tables["creators"]
    per = table.group_by("creator_key").agg(
        pl.col("n").sum(), likeness=pl.col("n").filter(pl.col("likeness")).sum()
    )
    if not per.height:
        return lacking("no record has a creator", *names)
    values, copies = _histogram(per["n"])
    of_some = per.filter(pl.col("likeness") > 0).height
    found = [
        value(names[0], "different creators", per.height),
        value(names[1], "Gini of works among creators", float(gini(values, copies)),
              *of_counts(values, copies, gini, facts.seed)),
        value(names[2], "share of works by the most active fifth of creators",
              float(top_share(values, copies)), *of_counts(values, copies, top_share, facts.seed)),
        share(names[3], "creators with at least one likeness", of_some, per.height),
    ]  # fmt: skip
    return Findings(tuple(found))
