"""The takedown form, and a page that makes a file's fingerprint: no account, no cookies, no script
needed.

Both are exempt from the CSRF token, which would need a cookie. That is safe here: neither form
acts for a log-in or reads a cookie, so a forged post can do nothing that its author could not do
by sending it themselves.
"""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assent.core.notices import TEXT_MAX
from assent.flows.file_notice import file_notice
from assent.gateways.limits import address_key, is_crowded
from assent.web.forms.takedown import ITEM, TakedownForm
from assent.web.languages import language_of
from assent.web.pages import form_page
from assent.web.quiet import later, spend, unseen


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def takedown(request: HttpRequest) -> HttpResponse:
    """Ask for something to be taken down."""
    if request.method != "POST" or "fill" in request.POST:
        return form_page(request, "takedown/form.html", TakedownForm(initial=_named(request)))
    form = TakedownForm(request.POST)
    # Many people may share an address, a shelter's or a network's: beyond the first limit a request
    # is taken all the same, and a person looks before something hides.
    crowded = is_crowded("takedown", address_key(request))
    after = spend("takedown_most", request, form)
    if not after and form.is_valid():
        with form.catching():
            receipt = file_notice(form.notice(language_of(request)), brake=crowded)
            context = {
                "receipt": receipt,
                "asked": [form.fields[name].label for name in receipt.missing],
                "under_18": form.cleaned_data["under_18"],
            }
            return render(request, "takedown/receipt.html", context)
    return later(form_page(request, "takedown/form.html", form), after)


def _named(request: HttpRequest) -> dict[str, object]:
    if "fill" in request.POST:  # from the page that makes fingerprints
        return {"where": request.POST.get("where", "")[:TEXT_MAX]}
    item = request.GET.get("item", "")
    return {"where": item} if ITEM.fullmatch(item) else {}


@csp_replace({"connect-src": ["'none'"]})
@require_safe
@unseen
def fingerprint(request: HttpRequest) -> HttpResponse:
    """Make a file's fingerprint on the visitor's own device; its policy lets nothing out."""
    return render(request, "takedown/hash.html")
