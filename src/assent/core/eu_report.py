"""The yearly report of Regulation (EU) 2022/2065, Articles 15 and 24, in the sections of the
templates of Implementing Regulation (EU) 2024/2835, Annex I: counted from the journal alone.

The counts are exact, as the templates ask: nothing is withheld, so the report is published only
where the law asks for it (`EuSize`). What the templates ask of very large platforms alone is not in
it. Each line is one number: section, indicator, category, what it is counted over, value, unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import median

from assent.core.misuse import BRAKE_TIME, FINDINGS_NEEDED
from assent.core.official import MatterKind
from assent.core.reasons.clauses import clause_of
from assent.core.reasons.dsa import category_of
from assent.core.reasons.statement import APPEAL_TIME
from assent.core.reports import ReportKind
from assent.core.strikes import EXPIRES
from assent.core.transparency import NOBODY, Period, Row, months_of, was_stopped

LIKENESS = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
ALL = ""
COLUMNS = ("section", "indicator", "category", "scope", "value", "unit")


class EuSize(StrEnum):
    """Size of the provider: micro and small ones need not publish (Article 15(2), Article 19)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def must_publish(self) -> bool:
        """Whether the yearly report has to be published."""
        return self in (EuSize.MEDIUM, EuSize.LARGE)


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the quantitative template; `value` None: there was nothing to measure."""

    section: str
    indicator: str
    category: str
    scope: str
    value: float | str | None
    unit: str = "number"


@dataclass(frozen=True, slots=True)
class House:
    """Who reports: what the operator set, not what the journal says."""

    provider: str
    service: str
    contact: str
    training: str = ""


@dataclass(slots=True)
class _Seen:
    """What the rows of one period came to. Keys are (category, ...), times are in hours."""

    orders: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    acknowledged: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    acted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    threats: int = 0
    notices: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    items: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    on_law: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    on_terms: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    answered: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    measures: dict[tuple[str, str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    complaints: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    complained: list[float] = field(default_factory=list)
    disputes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    suspended: int = 0
    slowed: int = 0
    money: int = 0
    machine_ruled: int = 0
    machine_wrong: int = 0
    machine_right: int = 0
    active: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(slots=True)
class _Known:
    """What earlier rows said of a subject, from the first of the journal on."""

    received: dict[str, datetime] = field(default_factory=dict)
    category: dict[str, str] = field(default_factory=dict)
    complained: dict[str, datetime] = field(default_factory=dict)
    matters: dict[str, tuple[MatterKind, str, str, datetime]] = field(default_factory=dict)
    held_by_machine: set[str] = field(default_factory=set)


def quantitative(rows: Iterable[Row], period: Period, house: House) -> list[Line]:
    """Return the lines of the quantitative template. `rows` begin with the first of the journal."""
    seen, known = _Seen(), _Known()
    for row in rows:
        if row.at >= period.end:
            break
        _read(row, known, seen if row.at >= period.start else _Seen())
    return [
        *_identification(period, house),
        *_orders(seen),
        *_notices(seen),
        *_own(seen),
        *_complaints(seen),
        *_machines(seen),
        *_people(seen, period),
    ]


def _read(row: Row, known: _Known, seen: _Seen) -> None:
    if row.actor not in NOBODY:
        seen.active[f"{row.at:%Y-%m}"].add(row.actor)
    if row.verb.startswith(("case.", "report.")):
        _read_notice(row, known, seen)
    elif row.verb.startswith("matter."):
        _read_matter(row, known, seen)
    elif row.verb == "item.ruled":
        _read_ruling(row, known, seen)
    elif row.verb.startswith("appeal."):
        _read_complaint(row, known, seen)
    elif row.verb == "member.suspended":
        seen.suspended += 1
    elif row.verb == "sender.found":
        seen.slowed += row.data.get("step") == "brake"
    elif row.verb == "credits.resolved":
        seen.money += was_stopped(row)


def _read_notice(row: Row, known: _Known, seen: _Seen) -> None:
    if row.verb in ("case.received", "report.received"):
        category = LIKENESS
        if row.verb == "report.received":
            category = category_of(ReportKind(row.data["kind"]).code)
        known.received[row.subject], known.category[row.subject] = row.at, category
        seen.notices[category] += 1
        seen.items[category] += int(row.data.get("named", 1)) + int(row.data.get("copies", 0))
    elif row.verb in ("case.decided", "report.answered") and row.subject in known.received:
        category = known.category[row.subject]
        took = row.at - known.received[row.subject]
        seen.answered[category].append(took.total_seconds() / 3600)
        acted = row.data.get("upheld", "ground" not in row.data)
        on_law = category in _BY_LAW
        seen.on_law[category] += bool(acted and on_law)
        seen.on_terms[category] += bool(acted and not on_law)
    elif row.verb in ("case.complained", "case.complaint_answered"):
        _read_complaint(row, known, seen)


# What a report of this category is upheld on: the law, and not only the house rules.
_BY_LAW = frozenset(
    category_of(kind.code) for kind in ReportKind if clause_of(kind.code).illegal
)  # fmt: skip


def _read_complaint(row: Row, known: _Known, seen: _Seen) -> None:
    of_notice = row.verb.startswith("case.")
    basis = "of whoever sent a notice" if of_notice else "of whoever was restricted"
    if row.verb in ("case.complained", "appeal.received"):
        known.complained[row.subject] = row.at
        seen.complaints[f"received, {basis}"] += 1
        return
    reversed_ = bool(row.data.get("upheld") if of_notice else row.data.get("reversed"))
    seen.complaints["decision reversed" if reversed_ else "decision upheld"] += 1
    if row.subject in known.complained:
        took = row.at - known.complained[row.subject]
        seen.complained.append(took.total_seconds() / 3600)


def _read_matter(row: Row, known: _Known, seen: _Seen) -> None:
    if row.verb == "matter.received":
        kind = MatterKind(row.data["kind"])
        arrived = datetime.fromisoformat(row.data["arrived"])
        known.matters[row.subject] = (kind, row.data["country"], row.data["category"], arrived)
        if kind is MatterKind.THREAT:
            seen.threats += 1
        elif kind is MatterKind.DISPUTE:
            seen.disputes["submitted"] += 1
        elif kind is not MatterKind.ARBITRATION:
            seen.orders[(kind, row.data["category"], row.data["country"])] += 1
        return
    if row.subject not in known.matters:
        return
    kind, _, _, arrived = known.matters[row.subject]
    took = (row.at - arrived).total_seconds() / 3600
    if kind is MatterKind.DISPUTE:
        if row.verb == "matter.closed":
            seen.disputes[str(row.data["outcome"])] += 1
    elif row.verb == "matter.acknowledged":
        seen.acknowledged[kind].append(took)
    elif row.data["outcome"] == "done":
        seen.acted[kind].append(took)


def _read_ruling(row: Row, known: _Known, seen: _Seen) -> None:
    placement, code = row.data.get("placement"), str(row.data.get("code"))
    by_person = row.rule.startswith("moderator.")
    if by_person and row.subject in known.held_by_machine:
        known.held_by_machine.discard(row.subject)
        seen.machine_wrong += placement == "publish"
        seen.machine_right += placement == "refuse"
    if not by_person:
        seen.machine_ruled += 1
        known.held_by_machine.discard(row.subject)
        if placement == "hold":
            known.held_by_machine.add(row.subject)
    if placement in ("hold", "refuse"):
        clause = clause_of(code)
        ground = "illegal content" if clause.illegal else "terms and conditions"
        measure = "not published" if placement == "refuse" else "held until a person decides"
        found = "other means" if by_person else "automated means"
        seen.measures[(category_of(code), ground, found, measure)] += 1


# The lines ---------------------------------------------------------------------------------------


def _identification(period: Period, house: House) -> list[Line]:
    told = {
        "Name of the service provider": house.provider,
        "Name of the service": house.service,
        "Contact": house.contact,
        "First day of the reporting period": period.first.isoformat(),
        "Last day of the reporting period": period.last.isoformat(),
        "Language": "en",
    }
    return [Line("1.1", name, ALL, "report", value, "text") for name, value in told.items()]


def _orders(seen: _Seen) -> list[Line]:
    found = []
    for section, kind in (("1.2.1", MatterKind.ACT), ("1.2.2", MatterKind.INFORM)):
        of_kind = {key: n for key, n in seen.orders.items() if key[0] == kind}
        found.append(Line(section, "Orders received", ALL, "all", sum(of_kind.values())))
        for (_, category, country), count in sorted(of_kind.items()):
            found.append(Line(section, "Orders received", category, country, count))
        found.append(_median(section, "Median time to confirm receipt", seen.acknowledged[kind]))
        found.append(_median(section, "Median time to give effect", seen.acted[kind]))
    threats = "Suspicions of a threat to life or safety that were recorded (Article 18)"
    return [*found, Line("1.2.3", threats, ALL, "all", seen.threats)]


def _notices(seen: _Seen) -> list[Line]:
    found = []
    for category in sorted(seen.notices | seen.answered):
        counts = {
            "Notices received": seen.notices[category],
            "Items named in notices, and copies of them": seen.items[category],
            "Actions on the basis of the law": seen.on_law[category],
            "Actions on the basis of terms and conditions": seen.on_terms[category],
        }
        found += [Line("1.3", name, category, "all", n) for name, n in counts.items()]
        found.append(_median("1.3", "Median time to decide", seen.answered[category], category))
    total = sum(seen.notices.values())
    decided = [hours for each in seen.answered.values() for hours in each]
    return [
        Line("1.3", "Notices received", ALL, "all", total),
        # Nobody is marked as a trusted flagger here, and no notice is decided by a machine.
        Line("1.3", "Notices received", ALL, "trusted flaggers", 0),
        Line("1.3", "Notices decided by automated means alone", ALL, "all", 0),
        _median("1.3", "Median time to decide", decided),
        *found,
    ]


def _own(seen: _Seen) -> list[Line]:
    total = sum(seen.measures.values())
    found = [Line("1.4", "Measures at our own initiative", ALL, "all", total)]
    for (category, ground, by, measure), count in sorted(seen.measures.items()):
        scope = f"{ground}; detected by {by}; {measure}"
        found.append(Line("1.4", "Measures at our own initiative", category, scope, count))
    return [*found, Line("1.4", "Payments stopped", ALL, "all", seen.money)]


_COMPLAINTS = (
    "received, of whoever sent a notice",
    "received, of whoever was restricted",
    "decision upheld",
    "decision reversed",
)
_DISPUTES = {
    "submitted": "Disputes submitted to certified bodies",
    "confirmed": "Disputes in which our decision was confirmed",
    "followed": "Disputes in which it was not, and we did what the body says",
    "not_followed": "Disputes in which it was not, and we did not do what the body says",
    "ended": "Disputes that ended without an outcome",
}


def _complaints(seen: _Seen) -> list[Line]:
    found = [
        Line("1.5.1", f"Complaints: {name}", ALL, "all", seen.complaints[name])
        for name in _COMPLAINTS
    ]
    found.append(_median("1.5.1", "Median time to decide on a complaint", seen.complained))
    found += [
        Line("1.5.1", words, ALL, "all", seen.disputes[code]) for code, words in _DISPUTES.items()
    ]
    suspended = "Suspensions (Article 23)"
    return [
        *found,
        Line("1.5.1", suspended, ALL, "manifestly illegal content or breach", seen.suspended),
        # No request is refused for it: for a time, a person looks before something hides.
        Line("1.5.1", suspended, ALL, "manifestly unfounded notices", seen.slowed),
        # Nobody who complains is suspended for it.
        Line("1.5.1", suspended, ALL, "manifestly unfounded complaints", 0),
    ]


def _machines(seen: _Seen) -> list[Line]:
    looked = seen.machine_wrong + seen.machine_right
    right = round(seen.machine_right / looked, 4) if looked else None
    wrong = round(seen.machine_wrong / looked, 4) if looked else None
    section = "1.6"
    scope = "held by automated means, then decided by a person"
    return [
        Line(section, "Items ruled on by automated means", ALL, "all", seen.machine_ruled),
        Line(section, "Items that a person decided after that", ALL, scope, looked),
        Line(section, "Indicator of accuracy: share that the person refused", ALL, scope, right,
             "share"),
        Line(section, "Error rate: share that the person published", ALL, scope, wrong, "share"),
    ]  # fmt: skip


def _people(seen: _Seen, period: Period) -> list[Line]:
    months = months_of(period)
    average = round(sum(len(who) for who in seen.active.values()) / len(months), 1)
    return [
        Line("1.7", "Human resources", ALL, "asked of very large platforms alone", None),
        Line("1.8", "Average monthly active members, of all countries", ALL,
             "members who did something; who only looks is not counted", average),
    ]  # fmt: skip


def _median(section: str, name: str, hours: Sequence[float], category: str = ALL) -> Line:
    value = round(median(hours), 1) if hours else None
    return Line(section, name, category, "all", value, "hours")


def qualitative(house: House) -> Mapping[str, str]:
    """Return the texts of the qualitative template, by indicator: what this software does in every
    marketplace, and what its operator says of the training of its moderators."""
    return {
        "Summary of the content moderation engaged in at the provider’s own initiative": (
            "Everything that somebody posts is screened before it is public: its words, its "
            "pictures’ metadata and what a file says of its training. What may show or ask for a "
            "real person is held until a person decides, and is published only under that "
            "person’s consent record. When the rules change, everything that is already here is "
            "looked at again under the new ones."
        ),
        "Measures taken to provide training and assistance to persons in charge of moderation": (
            house.training or "The operator has not described them."
        ),
        "Qualitative description of the automated means": (
            "Rules over names, phrases and the shape of a request, with a learned model that can "
            "move a verdict within bounds; exact hashes and fingerprints of files that were taken "
            "down. A machine holds or refuses; it never publishes what a person held, and it "
            "never decides on a notice or a complaint."
        ),
        "Specification of the precise purposes of the automated means": (
            "To find a real person’s likeness without consent before it is public; to keep what "
            "was taken down from coming back."
        ),
        "Safeguards applied to the use of automated means": (
            "An error, a doubt or a time-out means held and never published. Every restriction "
            "carries a statement of reasons that says whether a machine took part. Whoever is "
            f"restricted can object for {APPEAL_TIME.days} days; somebody who had no part in it "
            "answers. A protected name changes who looks, never what is answered."
        ),
        "Policy on misuse (Article 23)": (
            f"Decisions that took something away count for {EXPIRES.days} days; a warning comes "
            "first, then a suspension for a limited time. A decision that was reversed never "
            "counted. Takedown requests are never refused for misuse: after a warning, from the "
            f"finding number {FINDINGS_NEEDED} of two people on, a person looks for "
            f"{BRAKE_TIME.days} days before something hides where a request gives the same "
            "confirmed contact."
        ),
    }
