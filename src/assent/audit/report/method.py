"""What was done and what it cannot tell, in words, from what was actually run."""

from __future__ import annotations

from assent.audit.measures.time import WINDOW, weekly_trend
from assent.audit.report.cells import SMALLEST
from assent.audit.run import Audit
from assent.audit.stats.bootstrap import RESAMPLES


def method(done: Audit) -> list[str]:
    """Return how the figures were made, a paragraph for each kind that is there."""
    names = {measure.name.split(".")[0] for measure in done.findings.measures}
    seed = done.plan.seed
    said = [
        f"Every record of the source was read once: {done.gathered.log.rows:,} were measured and "
        f"{done.gathered.log.dropped:,} left out because they could not be read. Shares have "
        "Wilson's 95 % interval."
    ]
    if "deepfakes" in names:
        said.append(
            "Candidates are records on which a person gave a verdict; genders, professions and "
            "marks are of those confirmed. A share leaves out records whose cell is empty."
        )
    if done.facts.has("rating"):
        said.append(
            "A record is NSFW by rating when any of its images is outside the safe levels; hidden "
            "images are never safe, and no image counts as safe. Types, rewards, awards and the "
            "weekly share also count what is themed NSFW."
        )
    if names & {"gini", "reward", "repeat", "supply", "agreement"}:
        said.append(
            f"Other intervals are 95 % percentile intervals of {RESAMPLES:,} bootstrap resamples "
            f"with seed {seed}, widened for few units: requesters for concentration and rewards, "
            "records for agreement."
        )
    line = weekly_trend(done.facts) if "nsfw_weekly" in names else None
    if line is not None:
        said.append(
            "The trend is a least-squares line through the shares of ISO weeks, every week with a "
            f"record counting alike. Its band resamples blocks of {line.block} neighbouring weeks. "
            "Changes of level are found by PELT with a BIC penalty."
        )
    if "policy" in names:
        weeks = WINDOW.days // 7
        said.append(
            f"Around a policy date, {weeks} weeks after are compared with {weeks} before; the "
            "interval is Newcombe's. What else changed in those weeks is in the difference too."
        )
    if "persistence" in names:
        said.append(
            "Persistence is Kaplan and Meier's curve of the likenesses posted before it "
            "that were there on its day; one not known to be gone counts until it was last seen."
        )
    return said


def limits(done: Audit) -> list[str]:
    """Return what a reader must not conclude."""
    said = [
        "The figures are about the records in this source. What was removed before it was "
        "collected is not in them.",
        f"Figures of fewer than {SMALLEST} records are pooled or left out, so that nobody is "
        "recognised by being the only one. Depicted people are known by keyed pseudonyms only.",
    ]
    if done.facts.has("deepfake") and done.gathered.log.rows:
        every = int(done.facts.tables["targets"]["n"].sum())
        if every == done.gathered.log.rows:
            said.append(
                "Every record here is a candidate that somebody or something put forward: shares "
                "among candidates are no shares of the marketplace."
            )
        said.append(
            "What neither classifier nor platform put forward was never looked at, so the recall "
            "of the platform's own mark is at most what is shown."
        )
    if done.plan.adjudicator is not None:
        said.append(
            "Where no person gave a verdict, a program's stands, with its errors; code a sample by "
            "hand to measure them."
        )
    if done.gathered.log.dropped:
        said.append(
            "Records that could not be read are listed below; they may not be like the rest."
        )
    return said
