"""Statements of reasons: every field is there, machines are named by what they did, and nothing
that anybody wrote gets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.reasons.clauses import CLAUSES
from assent.core.reasons.dsa import faults, payload
from assent.core.reasons.statement import (
    Decided,
    Facts,
    Restriction,
    Source,
    Statement,
    statement_of,
)
from assent.core.reasons.words import parts
from assent.core.terms import ItemKind, ItemState, WorkType

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
RESTRICTED = (ItemState.HELD, ItemState.REFUSED, ItemState.HIDDEN, ItemState.REMOVED)
HEADINGS = [
    "What was done", "Where and how long", "The rule", "Why it is against it", "The facts",
    "How it was found", "Who decided",
]  # fmt: skip

FACTS = st.builds(
    Facts,
    decision=st.just("7k3m9qx2vtda"),
    at=st.just(AT),
    rule=st.sampled_from(
        ["likeness", "unsure", "takedown.hide_first", "takedown.likeness", "moderator.refused",
         "staydown.match", "report.answered", "sweep.final", "consent.not_in_force"]
    ),
    code=st.sampled_from([*CLAUSES, "refused_by_moderator", "something new"]),
    policy=st.sampled_from(["", "2026-11"]),
    by_person=st.booleans(),
    item=st.just("0123456789ab"),
    kind=st.sampled_from(ItemKind),
    work_type=st.one_of(st.none(), st.sampled_from(WorkType)),
    created_on=st.just(date(2026, 5, 1)),
    before=st.sampled_from([ItemState.DRAFT, ItemState.OPEN, ItemState.PUBLISHED]),
    after=st.sampled_from(RESTRICTED),
    found_as=st.sampled_from(["", "named", "copy", "hash", "part", "search", "later"]),
)  # fmt: skip


def made(facts: Facts) -> Statement:
    found = statement_of(facts)
    assert found is not None
    return found


@given(FACTS)
def test_req_mod_02_every_part_is_there_in_words(facts: Facts) -> None:
    said = dict(parts(made(facts)))
    assert [h for h in said if h in HEADINGS] == HEADINGS
    assert all(words.strip() for words in said.values())
    assert "free of charge" in said["If you do not agree"]
    assert "Article 21" in said["If you do not agree"]
    assert "House rule" in said["The rule"]


@given(FACTS)
def test_req_tra_01_every_statement_passes_the_rules_of_the_database(facts: Facts) -> None:
    assert faults(payload(made(facts))) == []


@given(FACTS, st.booleans())
def test_req_pay_06_what_is_done_to_credits_is_said_and_sent(facts: Facts, sold: bool) -> None:
    found = made(replace(facts, is_sold=sold and facts.kind is ItemKind.LISTING))
    hang = facts.kind in (ItemKind.BOUNTY, ItemKind.ENTRY) or found.facts.is_sold
    assert ("Credits" in dict(parts(found))) is hang
    sent = payload(found).get("decision_monetary", "")
    kept = found.restriction in (Restriction.HELD, Restriction.HIDDEN)
    word = "SUSPENSION" if kept else "TERMINATION"
    assert sent == (f"DECISION_MONETARY_{word}" if hang else "")


@given(FACTS)
def test_req_mod_11_machines_are_named_by_what_they_did(facts: Facts) -> None:
    found = made(facts)
    told = facts.rule.startswith(("takedown.", "report."))
    compared = facts.found_as in ("copy", "hash", "later", "part")
    assert found.automated_detection is (not told or compared)
    assert (found.decided is Decided.MACHINE) is (not facts.by_person)
    assert (found.decided is Decided.PERSON) is (facts.by_person and told and not compared)
    assert found.source is (Source.NOTICE if told else Source.OWN)
    sent = payload(found)
    assert sent["automated_detection"] == ("Yes" if found.automated_detection else "No")


@pytest.mark.parametrize("after", [s for s in ItemState if s not in RESTRICTED])
def test_what_restricts_nothing_has_no_statement(after: ItemState) -> None:
    facts = Facts(
        "d", AT, "nothing-against-it", "ok", "", True, "i", ItemKind.LISTING, None,
        AT.date(), ItemState.HELD, after,
    )  # fmt: skip
    assert statement_of(facts) is None


def test_the_rules_of_the_database_find_what_is_wrong() -> None:
    facts = Facts(
        "7k3m9qx2vtda", AT, "likeness", "likeness_without_consent", "2026-11", False,
        "0123456789ab", ItemKind.LISTING, WorkType.LORA, AT.date(), ItemState.HELD,
        ItemState.REFUSED,
    )  # fmt: skip
    sent = payload(made(facts))
    assert sent["content_type_other"] == "model weights"
    assert sent["category_specification"] == ["KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE"]
    for field, wrong in (
        ("puid", "a b"), ("automated_detection", "yes"), ("automated_decision", ""),
        ("content_date", "1 May 2026"), ("decision_facts", "x" * 5001), ("decision_facts", ""),
        ("content_type", ["CONTENT_TYPE_WEIGHTS"]), ("content_type", []), ("category", "deepfake"),
        ("decision_visibility", []), ("incompatible_content_explanation", ""),
        ("source_type", "SOURCE_PERSON"), ("decision_ground", "TERMS"),
    ):  # fmt: skip
        assert field in faults({**sent, field: wrong}), (field, wrong)
    assert "source_identity" in faults({**sent, "source_identity": "somebody"})
    assert "content_type_other" in faults(
        {k: v for k, v in sent.items() if k != "content_type_other"}
    )
