"""Following people, tracking items, and what one is told about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assent.catalogue import lists, queries
from assent.flows.choose_letters import choose_letters
from assent.flows.follow_member import follow_member
from assent.flows.read_messages import read_messages
from assent.flows.track_item import track_item
from assent.journal.queries import messages_to
from assent.watching import queries as watching
from assent.web.forms.watching import LettersForm
from assent.web.news import written
from assent.web.pages import form_page
from assent.web.templatetags.house import item_url
from assent.web.viewer import member


@require_POST
def follow(request: HttpRequest, name: str) -> HttpResponse:
    """Follow somebody, or stop with `stop`."""
    starts = "stop" not in request.POST
    who = follow_member(member(request), name, follow=starts)
    if starts:
        said = f"You follow {who.name}. New things of theirs are told under Notifications."
    else:
        said = f"You no longer follow {who.name}."
    messages.success(request, said)
    return redirect("profile", who.name)


@require_POST
def track(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Track an item, or stop with `stop`."""
    who = member(request)
    starts = "stop" not in request.POST
    track_item(who, subject_id, track=starts)
    messages.success(
        request,
        "You track this. What happens here is told under Notifications."
        if starts
        else "You no longer track this.",
    )
    seen = queries.item_facts(subject_id)
    if "back" in request.POST or seen is None or not lists.titles(who.person, [subject_id]):
        return redirect("watching")
    return redirect(item_url(seen[0]))


@require_safe
def watching_page(request: HttpRequest) -> HttpResponse:
    """Whom and what the viewer keeps an eye on."""
    who = member(request)
    tracked = watching.tracked_by(who.id)
    context = {
        "people": watching.followed_by(who.id),
        "cards": lists.cards_of(who.person, tracked),
        "lost": len(tracked),
    }
    context["lost"] = len(tracked) - len(context["cards"])  # type: ignore[arg-type]
    return render(request, "people/watching.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """What the viewer was told, the latest first. Sent as a form, it is all marked as read."""
    who = member(request)
    if request.method == "POST":
        read_messages(who)
        return redirect("notifications")
    page = messages_to(who.id, request.GET.get("cursor", ""))
    context = {"told": written(who.person, page.messages), "page": page}
    return render(request, "people/notifications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Which topics come as letters too."""
    who = member(request)
    form = LettersForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        choose_letters(who, form.cleaned_data["topics"])
        messages.success(request, "Saved.")
        return redirect("letters")
    if not form.is_bound:
        form = LettersForm.of(watching.unwanted_letters(who.id))
    return form_page(request, "people/letters.html", form)
