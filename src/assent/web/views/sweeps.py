"""Sweeps: how far they are for anyone, and the policy officer's desk for operators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.consent.queries import exempt_count
from assent.core.access import Actor, Denied, may_run_sweeps
from assent.core.screening.policies import default_policy, shipped_policies
from assent.core.screening.policy_diff import diff
from assent.core.terms import Refusal, Refused, SweepState
from assent.flows.exempt_hash import exempt_hash
from assent.flows.pause_sweep import pause_sweep
from assent.flows.settle_sweep import begin_settling
from assent.flows.start_sweep import start_sweep
from assent.flows.undo_sweep import begin_undo
from assent.people.queries import Member
from assent.sweeps import queries
from assent.web.forms.staff import HashForm
from assent.web.forms.sweeps import SweepForm
from assent.web.pages import form_page
from assent.web.viewer import member

DONE = {
    "preview": "The preview is being counted. Nothing is changed by it.",
    "announce": "The version is announced, and its sweep has begun.",
    "pause": "Paused. What was not reached yet stays out of reach.",
    "go_on": "It goes on.",
    "undo": "It is being undone.",
    "settle": "The removals are being made final.",
}


@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """Every sweep with its counts, as they are now."""
    listed = [s for s in queries.sweeps() if not s.dry_run]
    return render(request, "sweeps.html", {"sweeps": listed})


@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest) -> HttpResponse:
    """Versions with what changed between two; the last preview; each sweep and what can be done."""
    who = member(request)
    answer = may_run_sweeps(who.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    form = SweepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            _act(form.cleaned_data["action"], form.cleaned_data["sweep"], who)
            messages.success(request, DONE[form.cleaned_data["action"]])
            return redirect("policies")
    return form_page(request, "staff/policies.html", form, _desk(request))


def _act(action: str, sweep_id: str, who: Member) -> None:
    by = Actor(who.key, who.id)
    if action in ("preview", "announce"):
        policy = default_policy().id
        start_sweep(policy, dry_run=action == "preview", by=by, queued=True)
    elif action in ("pause", "go_on"):
        pause_sweep(sweep_id, paused=action == "pause", by=by)
    elif action == "undo":
        begin_undo(sweep_id, by=by)
    else:
        begin_settling(sweep_id, by=by)


def _desk(request: HttpRequest) -> dict[str, Any]:
    listed = queries.sweeps()
    preview = next((s for s in listed if s.dry_run), None)
    real = [s for s in listed if not s.dry_run]
    known = {one.id: one for one in shipped_policies()}
    known |= {v.id: v.policy for v in queries.versions() if v.id not in known}
    names = list(known)
    before = request.GET.get("from", names[-2] if len(names) > 1 else names[-1])
    after = request.GET.get("to", names[-1])
    both = before in known and after in known
    return {
        "versions": list(known.values()),
        "in_force": default_policy().id,
        "before": before,
        "after": after,
        "changes": diff(known[before], known[after]) if both else (),
        "preview": preview,
        "rules": queries.by_rule(preview.id) if preview else [],
        "sample": queries.sample(preview.id) if preview else [],
        "sweeps": real,
        "going": any(s.state is SweepState.RUNNING for s in real),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def negative_list(request: HttpRequest) -> HttpResponse:
    """Hashes that hide and stop nothing any more."""
    who = member(request)
    answer = may_run_sweeps(who.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    form = HashForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            exempt_hash(who, form.cleaned_data["hash"])
            messages.success(request, "This hash stops nothing any more.")
            return redirect("negative_list")
    return form_page(request, "staff/negative_list.html", form, {"count": exempt_count()})
