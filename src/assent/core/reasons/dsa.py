"""Statements of reasons in the form of the EU's transparency database, and that form's rules.

Schema of Article 24(5) of Regulation (EU) 2022/2065 as in force since 1 July 2025. The rules are
checked here as the database states them, so that nothing is sent that it would refuse; no field
holds personal data, and who told us is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assent.core.reasons.clauses import clause_of
from assent.core.reasons.statement import Decided, Restriction, Source, Statement
from assent.core.reasons.words import parts
from assent.core.terms import ItemKind, WorkType

BATCH_MAX = 100
_VISIBILITY = {
    Restriction.NOT_PUBLISHED: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Restriction.HELD: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Restriction.HIDDEN: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Restriction.REMOVED: "DECISION_VISIBILITY_CONTENT_REMOVED",
}
# What is out of sight may come back, and its credits wait; what is not published or removed has
# none any more.
_MONEY = {
    Restriction.NOT_PUBLISHED: "DECISION_MONETARY_TERMINATION",
    Restriction.HELD: "DECISION_MONETARY_SUSPENSION",
    Restriction.HIDDEN: "DECISION_MONETARY_SUSPENSION",
    Restriction.REMOVED: "DECISION_MONETARY_TERMINATION",
}
_SOURCES = {Source.NOTICE: "SOURCE_ARTICLE_16", Source.OWN: "SOURCE_VOLUNTARY"}
_DECIDED = {
    Decided.MACHINE: "AUTOMATED_DECISION_FULLY",
    Decided.PARTLY: "AUTOMATED_DECISION_PARTIALLY",
    Decided.PERSON: "AUTOMATED_DECISION_NOT_AUTOMATED",
}
_CATEGORIES = {
    "minor": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "report_copyright": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "report_illegal": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "report_spam": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
}
_WEIGHTS = (WorkType.LORA, WorkType.MODEL, WorkType.EMBED)


def payload(statement: Statement) -> dict[str, Any]:
    """Return the statement as the database takes it."""
    facts, clause = statement.facts, statement.clause
    said = dict(parts(statement))
    found: dict[str, Any] = {
        "puid": statement.id,
        "decision_visibility": [_VISIBILITY[statement.restriction]],
        "category": category_of(statement.facts.code),
        "content_type": _content(statement),
        "content_date": facts.created_on.isoformat(),
        "application_date": facts.at.date().isoformat(),
        "decision_facts": said["The facts"],
        "source_type": _SOURCES[statement.source],
        "automated_detection": "Yes" if statement.automated_detection else "No",
        "automated_decision": _DECIDED[statement.decided],
        "territorial_scope": ["EEA"],
    }
    if statement.about_money:
        found["decision_monetary"] = _MONEY[statement.restriction]
    if "CONTENT_TYPE_OTHER" in found["content_type"]:
        found["content_type_other"] = "model weights"
    if clause.likeness:
        found["category_specification"] = ["KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE"]
    ground = "ILLEGAL_CONTENT" if clause.illegal else "INCOMPATIBLE_CONTENT"
    kind = ground.lower()
    return found | {
        "decision_ground": f"DECISION_GROUND_{ground}",
        f"{kind}_legal_ground" if clause.illegal else f"{kind}_ground": clause.rule,
        f"{kind}_explanation": clause.why,
    }


def category_of(code: str) -> str:
    """Return the database's category of what is restricted for this reason code."""
    if code in _CATEGORIES:
        return _CATEGORIES[code]
    if clause_of(code).likeness:
        return "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    return "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"


def _content(statement: Statement) -> list[str]:
    if statement.facts.kind in (ItemKind.COMMENT, ItemKind.BOUNTY):
        return ["CONTENT_TYPE_TEXT"]
    if statement.facts.work_type in _WEIGHTS:
        return ["CONTENT_TYPE_OTHER", "CONTENT_TYPE_SYNTHETIC_MEDIA"]
    return ["CONTENT_TYPE_SYNTHETIC_MEDIA"]


# The database's rules ----------------------------------------------------------------------------

_PUID = re.compile(r"[A-Za-z0-9_-]{1,500}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTENT = {"APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER"}
_ALLOWED: Mapping[str, set[str]] = {
    "decision_ground": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "source_type": {
        "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION",
        "SOURCE_VOLUNTARY",
    },
    "automated_detection": {"Yes", "No"},
    "automated_decision": set(_DECIDED.values()),
}  # fmt: skip
_DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_LENGTHS = {
    "decision_facts": 5000,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
}


def faults(found: Mapping[str, Any]) -> list[str]:
    """Return what the database would refuse about a payload, a field each; empty when nothing."""
    wrong = [name for name, allowed in _ALLOWED.items() if found.get(name) not in allowed]
    if not _PUID.fullmatch(str(found.get("puid", ""))):
        wrong.append("puid")
    wrong += [
        n for n in ("content_date", "application_date") if not _DAY.fullmatch(str(found.get(n)))
    ]
    wrong += [n for n, most in _LENGTHS.items() if n in found and not 0 < len(found[n]) <= most]
    if "decision_facts" not in found:
        wrong.append("decision_facts")
    if not any(found.get(name) for name in _DECISIONS):
        wrong.append("decision_visibility")
    kinds = found.get("content_type") or []
    if not kinds or not {k.removeprefix("CONTENT_TYPE_") for k in kinds} <= _CONTENT:
        wrong.append("content_type")
    if ("CONTENT_TYPE_OTHER" in kinds) != ("content_type_other" in found):
        wrong.append("content_type_other")
    if not str(found.get("category", "")).startswith("STATEMENT_CATEGORY_"):
        wrong.append("category")
    illegal = found.get("decision_ground") == "DECISION_GROUND_ILLEGAL_CONTENT"
    needed = (
        ("illegal_content_legal_ground", "illegal_content_explanation")
        if illegal
        else ("incompatible_content_ground", "incompatible_content_explanation")
    )
    wrong += [name for name in needed if not found.get(name)]
    if "source_identity" in found:  # whoever told us is never named
        wrong.append("source_identity")
    return wrong
