"""Gather what shows that the rules of card networks hold. It changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, astuple
from datetime import datetime, timedelta

from django.conf import settings

from assent.casework.answers_due import answers_since, unexplained
from assent.catalogue import context
from assent.consent.queries import grant_terms
from assent.core.agreement import CLAUSES, VERSION, digest
from assent.core.compliance import WITHIN, Check, Evidence, checks
from assent.core.consent.cover import in_force
from assent.core.screening.policies import default_policy
from assent.core.terms import Rating
from assent.gateways import books
from assent.gateways.signing import sign
from assent.journal.queries import published_roots
from assent.ledger.cashouts import last_check
from assent.ledger.queries import entries_waiting
from assent.ledger.scrips import scrips
from assent.people.queries import reviewers, without_agreement

PACK = "assent-compliance"
LOOK_BACK = timedelta(days=90)


def gather_evidence(at: datetime) -> tuple[Check, ...]:
    """Return every rule with what was found for it now."""
    return checks(_seen(at), at)


def compliance_pack(at: datetime) -> bytes:
    """Return a ZIP with every rule and its evidence, the agreement, the rules in force, the
    published reports and roots, the last year's reports to the acquirer, and a signed list of the
    files' SHA-256. The same moment gives the same bytes, but for the signature."""
    found = gather_evidence(at)
    roots = [{"day": str(day), "rows": r.rows, "root": r.root} for day, r in published_roots()]
    files = {
        "evidence.csv": books.table_bytes(
            ("id", "rule", "asks", "holds", "found", "where"), (astuple(c) for c in found)
        ),
        "evidence.json": _json({"at": at.isoformat(), "checks": [asdict(c) for c in found]}),
        "agreement.json": _json({"version": VERSION, "sha256": digest(), "clauses": list(CLAUSES)}),
        "rules.json": _json(_rules()),
        "roots.json": _json({"roots": roots}),
    }
    for report in books.reports()[:13]:
        files[f"reports/{report.name}"] = books.read(report.name) or b""
    for path in books.acquirer_reports()[:12]:
        files[f"acquirer/{path.name}"] = path.read_bytes()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["SIGNED.jws"] = sign({"at": at.isoformat(), "sha256": sums}, PACK).encode()
    return _zipped(files, at)


def _rules() -> dict[str, object]:
    policy = default_policy()
    rules = [
        {"id": rule.id, "outcome": rule.outcome, "sentence": rule.sentence} for rule in policy.rules
    ]
    return {"policy": policy.id, "from": policy.starts_at.isoformat(), "rules": rules}


def _json(told: object) -> bytes:
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content)
    return out.getvalue()


def _seen(at: datetime) -> Evidence:
    uploaders = context.uploaders()
    depicting = [grant for _, _, grant in context.depicting_items()]
    uncovered = [g for g in depicting if not in_force(grant_terms(g), at.date())]
    public, unscreened = context.screened_in_public()
    answers, late = answers_since(at - LOOK_BACK, at, WITHIN)
    check = last_check()
    roots = published_roots()
    return Evidence(
        uploaders=len(uploaders),
        uploaders_without_agreement=len(without_agreement(uploaders)),
        depicting=len(depicting),
        depicting_without_record=len(uncovered),
        public=public,
        public_unscreened=unscreened,
        answers=answers,
        late_answers=late,
        arbitrator=settings.ARBITRATOR,
        reported=books.last_acquirer_month(),
        month_due=_month_due(at),
        reviewers=reviewers(at),
        books_checked_at=check.at if check else None,
        books_faults=len(check.faults) + len(check.differences) if check else 0,
        waiting_for_removed=context.removed_among(entries_waiting()),
        mature_scrips_sold=sum(
            s.enabled and s.ceiling is Rating.EXPLICIT and bool(s.rails) for s in scrips()
        ),
        late_cases_unexplained=unexplained(at),
        root_on=roots[0][0] if roots else None,
    )


def _month_due(at: datetime) -> str:
    """The month that was over two days ago: the worker has had time to write its report."""
    last = (at - timedelta(days=2)).date().replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"
