"""API tokens: make one (it is shown once), see them, revoke them."""

from __future__ import annotations

import re

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.core.access import Actor
from assent.core.terms import Role
from assent.flows.make_token import make_token
from assent.flows.revoke_token import revoke_token
from assent.people.queries import Member, tokens_of
from assent.web.forms.account import USES, TokenForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The member's tokens; POST makes one or revokes one."""
    who = member(request)
    revoked = request.POST.get("revoke", "")
    if revoked:
        revoke_token(who, int(revoked) if re.fullmatch(r"\d{1,18}", revoked) else 0)
        messages.success(request, "Revoked. It opens nothing any more.")
        return redirect("tokens")
    return _make(request) if request.method == "POST" else _page(request, who, _form(who))


def _form(who: Member, sent: QueryDict | None = None) -> TokenForm:
    """Return the form; a role that does not count in this session is not offered."""
    form = TokenForm(sent)
    if who.role is Role.MEMBER:
        form.fields["use"].choices = USES  # type: ignore[attr-defined]  # a ChoiceField
    return form


@reauthentication_required
def _make(request: HttpRequest) -> HttpResponse:
    who = member(request)
    form = _form(who, request.POST)
    made = ""
    if form.is_valid():
        with form.catching():
            by = Actor(who.key, who.id)
            made = make_token(who, form.cleaned_data["name"], form.scopes(), by=by)
    return _page(request, who, _form(who) if made else form, made)


def _page(request: HttpRequest, who: Member, form: TokenForm, made: str = "") -> HttpResponse:
    context = {"tokens": tokens_of(who.id), "made": made}
    response = form_page(request, "account/tokens.html", form, context)
    response["Cache-Control"] = "no-store"
    return response
