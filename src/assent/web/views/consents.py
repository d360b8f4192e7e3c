"""Consent as its requester, its moderators and the public see it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue.queries import NOTHING_HERE
from assent.consent.invitations import InvitationView, asked_by, by_id, waiting_for_vouchers
from assent.consent.queries import grants_for, is_valid
from assent.core.access import Denied, Person, may_use_queue
from assent.core.consent.asking import InvitationState
from assent.core.consent.channels import VOUCHES, VouchAnswer, lookalike
from assent.core.terms import Refusal, Refused, WorkType
from assent.flows.ask_consent import ask_consent
from assent.flows.prove_person import vouch
from assent.gateways import clock
from assent.gateways.secrets import unseal
from assent.gateways.signing import published_keys
from assent.web.forms.consent import AskForm, VouchForm
from assent.web.pages import form_page
from assent.web.private_link import quiet
from assent.web.viewer import member, viewer


@require_safe
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether a record is in force today, and nothing more: why it is not is for the person and
    staff. One that ended and one that never was give the same answer."""
    valid = is_valid(reference, clock.now().date())
    if "application/json" in request.headers.get("Accept", ""):
        answer: HttpResponse = JsonResponse({"status": "valid" if valid else "not valid"})
    else:
        context = {"valid": valid, "reference": reference.upper()}
        answer = render(request, "consent/record.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys under which records can be verified without asking us."""
    return JsonResponse(published_keys())


@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """What the viewer asked for and was allowed."""
    who = member(request)
    waiting = [
        (WorkType(str(i.proposal["work_type"])), i, unseal("invitation", i.sealed).get("name", ""))
        for i in asked_by(who.id)
        if i.state is not InvitationState.PROVED
    ]
    today = clock.now().date()
    given = [(g, is_valid(g.reference, today)) for g in grants_for(who.id)]
    return quiet(render(request, "consent/consents.html", {"waiting": waiting, "given": given}))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask somebody, or begin with oneself."""
    who = member(request)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            _, _, secret = ask_consent(who, form.ask()).partition(":")
            if secret:
                link = f"{settings.SITE_URL}/my-consent/open/{secret}"
                return quiet(render(request, "consent/own_link.html", {"link": link}))
            messages.success(request, "We have written to them. You will hear if they agree.")
            return redirect("consents")
    return form_page(request, "consent/ask.html", form)


def _staff(person: Person) -> None:
    answer = may_use_queue(person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


@require_safe
def vouching(request: HttpRequest) -> HttpResponse:
    """Channels that wait for moderators who know them."""
    _staff(viewer(request))
    waiting = [_evidence(one) for one in waiting_for_vouchers()]
    return quiet(render(request, "consent/vouching.html", {"waiting": waiting, "need": VOUCHES}))


@require_http_methods(["GET", "HEAD", "POST"])
def vouch_one(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """One channel, with what is known of it, and a moderator's word."""
    moderator = member(request)
    _staff(moderator.person)
    found = by_id(invitation_id)
    if found is None or found.state is not InvitationState.SIGNED:
        raise Refused(NOTHING_HERE)
    form = VouchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            data = form.cleaned_data
            answer = VouchAnswer(data["answer"])
            in_force = vouch(moderator, found.id, answer, data["seen_since"])
            messages.success(request, "It is in force now." if in_force else "Your word is kept.")
            return redirect("vouching")
    context = {"one": _evidence(found), "need": VOUCHES, "said": _has_said(found, moderator.key)}
    return quiet(form_page(request, "consent/vouch.html", form, context))


def _has_said(found: InvitationView, key: str) -> bool:
    return any(v.moderator == key for v in found.vouches)


def _evidence(found: InvitationView) -> dict[str, object]:
    inside = unseal("invitation", found.sealed)
    terms = inside.get("terms", {})
    name, url = str(inside.get("name", "")), str(inside.get("url", ""))
    return {
        "invitation": found,
        "name": name,
        "signed_names": terms.get("names", []),
        "signer": terms.get("signer", ""),
        "authority": terms.get("authority", ""),
        "url": url,
        "lookalike": any(lookalike(part, name) for part in url.split("/")),
        "yes": len(found.vouches),
    }
