"""One audit, from source to findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assent.audit.gather import Gathered, Plan, gather
from assent.audit.label.coded import Coded
from assent.audit.label.store import Store
from assent.audit.measures.ask import Facts
from assent.audit.measures.every import VERSUS, answers
from assent.audit.measures.versus import versus
from assent.audit.terms import Findings


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit that was done."""

    plan: Plan
    gathered: Gathered
    facts: Facts
    chapters: dict[str, Findings]
    second: Audit | None = None

    @property
    def findings(self) -> Findings:
        """Return the findings of all chapters."""
        return sum(self.chapters.values(), Findings())

    def files(self) -> dict[str, dict[str, str]]:
        """Return the SHA-256 of every file that was read, by what it was used as."""
        found = {"source": self.gathered.digests, "labels": self.gathered.labels}
        return found if self.second is None else {**found, "second": self.second.gathered.digests}

    def as_record(self) -> dict[str, Any]:
        """Return what measures.json holds."""
        found = self.findings
        log = self.gathered.log
        return {
            "source": self.plan.source.name,
            "rows": log.rows,
            "generated": self.plan.at.isoformat(timespec="seconds"),
            "measures": {measure.name: measure.as_record() for measure in found.measures},
            "missing": dict(found.missing),
            "seed": self.plan.seed,
            "files": self.files(),
            "columns": {"known": dict(log.columns), "unknown": list(log.unknown)},
            "faults": {
                "records_left_out": log.dropped,
                "counts": [
                    {"file": file, "why": why, "count": count}
                    for (file, why), count in log.counts.items()
                ],
                "first": [
                    {"file": f.file, "row": f.row, "why": f.why, "left_out": f.dropped}
                    for f in log.faults
                ],
            },
        }


def audit(plan: Plan) -> Audit:
    """Do an audit. Raise SourceError or DamageError where the source does not allow it."""
    gathered = gather(plan)
    coded = None if plan.coding is None else Coded.read(Store(plan.coding))
    facts = Facts(
        gathered.tables, gathered.present, plan.seed, plan.at, tuple(plan.bans), plan.block, coded
    )
    # A resample without any of some class gives no number, and is left out of its interval.
    with np.errstate(divide="ignore", invalid="ignore"):
        return Audit(plan, gathered, facts, answers(facts))


def compared(first: Audit, second: Audit) -> Audit:
    """Return the first audit with a chapter on how it differs from the second."""
    found = versus(first.findings, second.findings)
    return replace(first, chapters={**first.chapters, VERSUS.name: found}, second=second)
