"""Comments and questions: said on an item's page, each with an address of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue import queries
from assent.catalogue.comments import comment as find_comment
from assent.catalogue.values import CommentView
from assent.core.access import Verb
from assent.core.casework import Placement, Ruling
from assent.core.terms import ItemKind, Refused
from assent.flows.post_comment import post_comment
from assent.flows.reword_comment import reword_comment
from assent.flows.withdraw_item import withdraw_item
from assent.web.forms.comments import CommentForm
from assent.web.pages import form_page
from assent.web.talk import said
from assent.web.viewer import member, viewer

TOLD = {
    Placement.PUBLISH: "Your comment is public.",
    Placement.HOLD: "A moderator looks at your comment before anybody else sees it.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Comment on a bounty or a listing, or answer a comment: a page of its own, which needs no
    script; an item's page has the same form."""
    author = member(request)
    seen = queries.item_facts(subject_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(author.person, Verb.COMMENT, seen[1])
    start = {"reply_to": request.GET.get("to", "")}
    form = CommentForm(request.POST) if request.method == "POST" else CommentForm(initial=start)
    if form.is_valid():
        with form.catching():
            data = form.cleaned_data
            comment_id, ruling = post_comment(author, subject_id, data["text"], data["reply_to"])
            return _after(request, find_comment(author.person, comment_id), ruling)
    answered = _answered(request, form["reply_to"].value())
    context = {"on": seen[0], "answered": answered}
    return form_page(request, "comments/new.html", form, context)


@require_safe
def comment(request: HttpRequest, comment_id: str) -> HttpResponse:
    """One comment; one that was refused shows its author why."""
    who = viewer(request)
    found = find_comment(who, comment_id)
    context = {"said": said(who, found), "item": found.item, "on_url": on_url(found)}
    context["reason"] = context["said"].reason  # type: ignore[attr-defined]
    return render(request, "comments/comment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Change one's own comment."""
    author = member(request)
    found = find_comment(author.person, comment_id)
    queries.require(author.person, Verb.REWORD, found.facts)
    start = {"text": found.item.description}
    form = CommentForm(request.POST) if request.method == "POST" else CommentForm(initial=start)
    if form.is_valid():
        with form.catching():
            ruling = reword_comment(author, comment_id, form.cleaned_data["text"])
            return _after(request, found, ruling)
    return form_page(request, "comments/edit.html", form, {"comment": found, "item": found.item})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Ask once, then take one's own comment back."""
    author = member(request)
    found = find_comment(author.person, comment_id)
    queries.require(author.person, Verb.WITHDRAW, found.facts)
    if request.method == "POST":
        withdraw_item(author, comment_id)
        messages.success(request, "Your comment is withdrawn. Nobody else sees it any more.")
        return redirect(on_url(found))
    return render(request, "comments/withdraw.html", {"comment": found, "item": found.item})


def on_url(found: CommentView) -> str:
    """Return the address of what a comment is about."""
    name = "bounty" if found.on_kind is ItemKind.BOUNTY else "listing"
    return reverse(name, args=[found.on])


def _after(request: HttpRequest, found: CommentView, ruling: Ruling) -> HttpResponse:
    if ruling.placement is Placement.REFUSE:
        return redirect("comment", found.item.id)
    messages.success(request, TOLD[ruling.placement])
    return redirect(f"{on_url(found)}#comment-{found.item.id}")


def _answered(request: HttpRequest, reply_to: str) -> CommentView | None:
    if not reply_to:
        return None
    try:
        return find_comment(viewer(request), reply_to)
    except Refused:
        return None
