"""The EU's yearly report of an invented year equals a recount written another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

import pytest

from assent.core.eu_report import COLUMNS, EuSize, House, Line, qualitative, quantitative
from assent.core.transparency import Period, Row, period_of

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUSE = House("Example Cooperative", "Example", "hello@market.example")
CYBER = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
IP = "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
OTHER = "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"
OF_KIND = {"illegal": SPEECH, "copyright": IP, "spam": FRAUD, "other": OTHER}


def a_year(seed: int) -> list[Row]:
    """Invented rows of a year and more, in order."""
    dice = Random(seed)
    rows: list[Row] = []

    def add(at: datetime, verb: str, subject: str, rule: str = "x", **data: object) -> None:
        actor = dice.choice(["worker", "stranger", f"member{dice.randrange(9)}"])
        rows.append(Row(at, verb, subject, rule, data, actor))

    for n in range(300):
        at = START - timedelta(days=40) + timedelta(minutes=dice.randrange(440 * 24 * 60))
        later = at + timedelta(hours=dice.choice([2, 30, 60]))
        case, report, item, appeal = f"case{n}", f"report{n}", f"item{n}", f"appeal{n}"
        add(at, "case.received", case, named=dice.choice([0, 1, 2]), copies=dice.choice([0, 1]))
        if dice.random() < 0.5:
            add(later, "case.decided", case, removed=1)
        else:
            add(later, "case.decided", case, given_back=1, ground="not_found")
            add(later + timedelta(days=1), "case.complained", case)
            add(later + timedelta(days=3), "case.complaint_answered", case,
                upheld=dice.random() < 0.3)  # fmt: skip
        add(at, "report.received", report, kind=dice.choice(list(OF_KIND)))
        add(later, "report.answered", report, upheld=dice.random() < 0.6)
        placement, code = dice.choice([
            ("publish", "fits"), ("hold", "needs_review"), ("refuse", "likeness_without_consent"),
            ("refuse", "minor"),
        ])  # fmt: skip
        add(at, "item.ruled", item, "unsure", placement=placement, code=code)
        if placement == "hold":
            yes = dice.random() < 0.7
            add(later, "item.ruled", item, "moderator.approved" if yes else "moderator.refused",
                placement="publish" if yes else "refuse", code="moderator")  # fmt: skip
        add(at, "appeal.received", appeal)
        add(later, "appeal.answered", appeal, reversed=dice.random() < 0.2)
        kind = dice.choice(["order_to_act", "order_to_inform", "threat", "dispute"])
        add(later, "matter.received", f"m{n}", kind=kind, country=dice.choice(["DE", "FR"]),
            category=CYBER, arrived=at.isoformat(timespec="minutes"))  # fmt: skip
        add(later + timedelta(hours=1), "matter.acknowledged", f"m{n}")
        ended = dice.choice(["confirmed", "followed"]) if kind == "dispute" else "done"
        add(later + timedelta(hours=5), "matter.closed", f"m{n}", outcome=ended)
        if n % 9 == 0:
            add(at, "member.suspended", f"who{n}", points=3)
            add(at, "credits.resolved", f"b{n}", key="payout:a:b:c", how="void")
    return sorted(rows, key=lambda r: r.at)


def value(lines: list[Line], section: str, indicator: str, category: str = "", scope: str = "all"
          ) -> float | str | None:  # fmt: skip
    (found,) = (
        line.value for line in lines
        if (line.section, line.indicator, line.category) == (section, indicator, category)
        and line.scope == scope
    )  # fmt: skip
    return found


def hours(rows: list[Row], period: Period, first: str, last: str, subjects: set[str] | None = None
          ) -> list[float]:  # fmt: skip
    """Hours from the latest `first` to each `last` in the period, of these subjects."""
    found = []
    for end in rows:
        if end.verb == last and period.start <= end.at < period.end:
            if subjects is not None and end.subject not in subjects:
                continue
            begun = [r.at for r in rows if r.verb == first and r.subject == end.subject
                     and r.at <= end.at]  # fmt: skip
            found.append((end.at - begun[-1]).total_seconds() / 3600)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_req_tra_02_03_the_report_equals_an_independent_recount(seed: int) -> None:
    rows, period = a_year(seed), period_of("2026")
    lines = quantitative(rows, period, HOUSE)
    inside = [r for r in rows if r.at.year == 2026]

    def count(verb: str, **data: object) -> int:
        return len([r for r in inside if r.verb == verb
                    and all(r.data.get(k) == v for k, v in data.items())])  # fmt: skip

    # Orders
    for section, kind in (("1.2.1", "order_to_act"), ("1.2.2", "order_to_inform")):
        told = [r for r in inside if r.verb == "matter.received" and r.data["kind"] == kind]
        assert value(lines, section, "Orders received") == len(told)
        german = [r for r in told if r.data["country"] == "DE"]
        assert value(lines, section, "Orders received", CYBER, "DE") == len(german)
        of_kind = {r.subject: datetime.fromisoformat(str(r.data["arrived"])) for r in rows
                   if r.verb == "matter.received" and r.data["kind"] == kind}  # fmt: skip
        for name, verb in (("Median time to confirm receipt", "matter.acknowledged"),
                           ("Median time to give effect", "matter.closed")):  # fmt: skip
            took = [(r.at - of_kind[r.subject]).total_seconds() / 3600
                    for r in inside if r.verb == verb and r.subject in of_kind]  # fmt: skip
            assert value(lines, section, name) == round(median(took), 1)
    # Notices
    assert value(lines, "1.3", "Notices received", CYBER) == count("case.received")
    assert value(lines, "1.3", "Actions on the basis of terms and conditions", CYBER) == count(
        "case.decided", removed=1
    )
    assert value(lines, "1.3", "Actions on the basis of the law", CYBER) == 0
    took = hours(rows, period, "case.received", "case.decided")
    assert value(lines, "1.3", "Median time to decide", CYBER) == round(median(took), 1)
    kinds = {r.subject: r.data["kind"] for r in rows if r.verb == "report.received"}
    for kind, category in OF_KIND.items():
        assert value(lines, "1.3", "Notices received", category) == count(
            "report.received", kind=kind
        )
        upheld = [r for r in inside if r.verb == "report.answered" and r.data["upheld"]
                  and kinds[r.subject] == kind]  # fmt: skip
        law = kind in ("illegal", "copyright")
        name = "the law" if law else "terms and conditions"
        assert value(lines, "1.3", f"Actions on the basis of {name}", category) == len(upheld)
    # Measures of our own
    ruled = [r for r in inside if r.verb == "item.ruled" and r.data["placement"] != "publish"]
    assert value(lines, "1.4", "Measures at our own initiative") == len(ruled)
    scope = "terms and conditions; detected by automated means; held until a person decides"
    held = count("item.ruled", placement="hold")
    assert value(lines, "1.4", "Measures at our own initiative", CYBER, scope) == held
    minors = "illegal content; detected by automated means; not published"
    protection = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    assert value(lines, "1.4", "Measures at our own initiative", protection, minors) == count(
        "item.ruled", code="minor"
    )
    assert value(lines, "1.4", "Payments stopped") == count("credits.resolved")
    # Complaints
    assert value(lines, "1.5.1", "Complaints: received, of whoever was restricted") == count(
        "appeal.received"
    )
    assert value(lines, "1.5.1", "Complaints: received, of whoever sent a notice") == count(
        "case.complained"
    )
    right = count("case.complaint_answered", upheld=True) + count("appeal.answered", reversed=True)
    assert value(lines, "1.5.1", "Complaints: decision reversed") == right
    took = hours(rows, period, "case.complained", "case.complaint_answered")
    took += hours(rows, period, "appeal.received", "appeal.answered")
    assert value(lines, "1.5.1", "Median time to decide on a complaint") == round(median(took), 1)
    disputed = {r.subject for r in rows if r.verb == "matter.received"
                and r.data["kind"] == "dispute"}  # fmt: skip
    confirmed = [r for r in inside if r.verb == "matter.closed" and r.subject in disputed
                 and r.data["outcome"] == "confirmed"]  # fmt: skip
    name = "Disputes in which our decision was confirmed"
    assert value(lines, "1.5.1", name) == len(confirmed)
    assert value(
        lines, "1.5.1", "Suspensions (Article 23)", "", "manifestly illegal content or breach"
    ) == count("member.suspended")
    # Machines: what they held and a person then decided
    yes = [r for r in inside if r.rule == "moderator.approved"]
    no = [r for r in inside if r.rule == "moderator.refused"]
    scope = "held by automated means, then decided by a person"
    assert value(lines, "1.6", "Items that a person decided after that", "", scope) == len(yes + no)
    wrong = value(lines, "1.6", "Error rate: share that the person published", "", scope)
    assert wrong == round(len(yes) / len(yes + no), 4)
    # Members
    months = [
        len({r.actor for r in inside if r.at.month == m and r.actor.startswith("member")})
        for m in range(1, 13)
    ]
    (members,) = (line.value for line in lines if line.section == "1.8")
    assert members == round(sum(months) / 12, 1)


def test_the_report_of_nothing_has_every_section_and_no_rate_out_of_nothing() -> None:
    lines = quantitative([], period_of("2026"), HOUSE)
    assert {line.section for line in lines} == {
        "1.1", "1.2.1", "1.2.2", "1.2.3", "1.3", "1.4", "1.5.1", "1.6", "1.7", "1.8",
    }  # fmt: skip
    assert all(line.value in (0, None) for line in lines if line.unit in ("number", "share")
               and line.section != "1.1")  # fmt: skip
    assert len(COLUMNS) == 6
    assert len({(one.section, one.indicator, one.category, one.scope) for one in lines}) == len(
        lines
    )


def test_what_the_operator_did_not_say_is_not_made_up() -> None:
    said = list(qualitative(HOUSE).values())
    assert "The operator has not described them." in said
    told = qualitative(House("a", "b", "c", "Two days with a colleague."))
    assert "Two days with a colleague." in told.values()


def test_req_tra_08_only_the_size_decides_what_must_be_published() -> None:
    assert [size.must_publish for size in EuSize] == [False, False, True, True]
