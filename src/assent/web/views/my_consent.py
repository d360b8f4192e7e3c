"""The pages of the person asked: no account, one private link, everything on one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue.context import shown_under
from assent.consent.invitations import InvitationView
from assent.consent.queries import GrantView, grant_of_invitation, grants_of_person
from assent.core.consent.asking import InvitationState
from assent.core.purchases import price
from assent.core.terms import ConsentStatus, Refusal, RefusalKind, Refused, WorkType
from assent.flows.answer_invitation import open_invitation, refuse_invitation
from assent.flows.prove_person import take_word
from assent.flows.show_channel import show_channel
from assent.flows.sign_terms import sign_terms
from assent.flows.withdraw_consent import shorten_consent, withdraw_consent
from assent.gateways import clock, limits
from assent.gateways.secrets import unseal
from assent.ledger.queries import awarded_under
from assent.web.forms.base import HouseForm
from assent.web.forms.consent import (
    ChannelForm,
    CodeForm,
    ShorterForm,
    TermsForm,
    WordForm,
    proposed,
)
from assent.web.pages import form_page
from assent.web.private_link import forget_secret, invitation_of, keep_secret, quiet
from assent.web.viewer import viewer

PAGES = {
    InvitationState.SIGNED: "consent/prove.html",
    InvitationState.PROVED: "consent/mine.html",
}
_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
Action = Callable[[HttpRequest, InvitationView], HttpResponse]


@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address. Nothing is looked up and nothing changes: mail programs
    open links by themselves."""
    return keep_secret(request, redirect("my_consent"), secret)


@require_http_methods(["GET", "HEAD", "POST"])
def my_consent(request: HttpRequest) -> HttpResponse:
    """What somebody is asked, and what they allowed."""
    if request.method == "POST":
        limits.spend("status", limits.address_key(request))
        if request.POST.get("action") == "code":
            return _code(request)
    found = invitation_of(request)
    if found is None:
        return quiet(form_page(request, "consent/code.html", CodeForm()))
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            raise Refused(_NOT_FOUND)
        return quiet(action(request, found))
    return quiet(_show(request, found))


def _code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return quiet(form_page(request, "consent/code.html", form))
    secret = form.cleaned_data["code"].strip().rstrip("/").rsplit("/", 1)[-1]
    return keep_secret(request, redirect("my_consent"), secret)


def _show(
    request: HttpRequest, found: InvitationView, form: HouseForm | None = None, which: str = ""
) -> HttpResponse:
    inside = unseal("invitation", found.sealed)
    if found.state is InvitationState.ASKED:
        return _asked(request, found, inside, form)
    forms: dict[str, HouseForm] = {"channel": ChannelForm(), "word": WordForm(),
                                   "shorter": ShorterForm()}  # fmt: skip
    if form is not None:
        forms[which] = form
    context = {
        "invitation": found,
        "forms": forms,
        "url": inside.get("url", ""),
        "grants": _grants(found),
    }
    return form_page(
        request, PAGES.get(found.state, "consent/over.html"), form or HouseForm(), context
    )


def _asked(
    request: HttpRequest, found: InvitationView, inside: dict[str, Any], form: HouseForm | None
) -> HttpResponse:
    context = {"invitation": found, "work": WorkType(str(found.proposal["work_type"])).label}
    if found.presented_at is None:
        return render(request, "consent/asked.html", context)
    first = TermsForm(
        initial=proposed(inside.get("name", ""), dict(found.proposal), clock.now().date())
    )
    return form_page(request, "consent/terms.html", form or first, context)


@dataclass(frozen=True, slots=True)
class _Awarded:
    """Credits that work made under a record was paid, and what waits; one credit is one cent."""

    paid: int
    waiting: int

    @property
    def euros(self) -> float:
        """The sum of what was paid, in euros."""
        return price(self.paid) / 100


def _grants(found: InvitationView) -> list[dict[str, Any]]:
    own = grant_of_invitation(found.id)
    if own is None:
        return []
    return [
        {
            "grant": one,
            "in_force": one.status is ConsentStatus.GIVEN,
            "made": shown_under(one.id),
            "awarded": _Awarded(*awarded_under(one.id)),
        }
        for one in grants_of_person(own.person_key)
    ]


def _open(request: HttpRequest, found: InvitationView) -> HttpResponse:
    open_invitation(found)
    return redirect("my_consent")


def _refuse(request: HttpRequest, found: InvitationView) -> HttpResponse:
    if not found.state.is_open:
        raise Refused(_NOT_FOUND)
    refuse_invitation(found, never=request.POST["action"] == "never")
    return redirect("my_consent")


def _sign(request: HttpRequest, found: InvitationView) -> HttpResponse:
    form = TermsForm(request.POST)
    if form.is_valid():
        with form.catching():
            sign_terms(found, form.terms(), viewer(request).id)
            return redirect("my_consent")
    return _show(request, found, form)


def _channel(request: HttpRequest, found: InvitationView) -> HttpResponse:
    form = ChannelForm(request.POST)
    if form.is_valid():
        with form.catching():
            show_channel(found, form.cleaned_data["url"])
            messages.success(request, "We saw the word on your page. You may take it off again.")
            return redirect("my_consent")
    return _show(request, found, form, "channel")


def _word(request: HttpRequest, found: InvitationView) -> HttpResponse:
    form = WordForm(request.POST)
    if form.is_valid():
        with form.catching():
            take_word(found, form.cleaned_data["word"])
            return redirect("my_consent")
    return _show(request, found, form, "word")


def _withdraw(request: HttpRequest, found: InvitationView) -> HttpResponse:
    withdraw_consent(_own_grant(request, found))
    messages.success(request, "It is over. Nothing that rested on it is shown or loaded any more.")
    return redirect("my_consent")


def _shorten(request: HttpRequest, found: InvitationView) -> HttpResponse:
    form = ShorterForm(request.POST)
    if form.is_valid():
        with form.catching():
            shorten_consent(_own_grant(request, found), form.cleaned_data["last_day"])
            messages.success(request, "It ends on that day.")
            return redirect("my_consent")
    return _show(request, found, form, "shorter")


def _receipt(request: HttpRequest, found: InvitationView) -> HttpResponse:
    grant = _own_grant(request, found)
    receipt = unseal("receipt", grant.sealed).get("receipt", "")
    response = HttpResponse(receipt + "\n", content_type="application/sd-jwt")
    response["Content-Disposition"] = f'attachment; filename="consent-{grant.reference}.sd-jwt"'
    return response


def _leave(request: HttpRequest, found: InvitationView) -> HttpResponse:
    return forget_secret(redirect("my_consent"))


def _own_grant(request: HttpRequest, found: InvitationView) -> GrantView:
    """The grant of this very person that the form names, or a refusal like for any stranger's."""
    for shown in _grants(found):
        grant = shown["grant"]
        if isinstance(grant, GrantView) and grant.id == request.POST.get("grant"):
            return grant
    raise Refused(_NOT_FOUND)


ACTIONS: dict[str, Action] = {
    "open": _open,
    "refuse": _refuse,
    "never": _refuse,
    "sign": _sign,
    "channel": _channel,
    "word": _word,
    "withdraw": _withdraw,
    "shorten": _shorten,
    "receipt": _receipt,
    "leave": _leave,
}
