"""What is said about an item, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from assent.catalogue.comments import talk
from assent.catalogue.values import CommentView, ItemView
from assent.core.access import Facts, Person
from assent.web.forms.comments import CommentForm
from assent.web.reasons import Reason, reason_for
from assent.web.viewer import can, viewer


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with what its viewer may do, and why it is not public where they may know."""

    comment: CommentView
    can: dict[str, bool]
    reason: Reason | None
    is_requester: bool


def said(who: Person, view: CommentView) -> Said:
    """Return a comment as a page shows it."""
    reason = None if view.item.state.is_public else reason_for(who, view.facts, view.item.id)
    return Said(view, can(who, view.facts), reason, view.item.owner == view.facts.bounty_owner)


def talk_context(request: HttpRequest, item: ItemView, facts: Facts) -> dict[str, object]:
    """Return what the part of a page with its comments needs."""
    who = viewer(request)
    found = talk(who, item.id, request.GET.get("talk", ""))
    threads = [(said(who, top), [said(who, r) for r in replies]) for top, replies in found.threads]
    return {
        "threads": threads,
        "count": found.count,
        "next": found.next,
        "later": bool(request.GET.get("talk")),
        "may_comment": can(who, facts)["comment"],
        "form": CommentForm(auto_id="talk_%s"),
    }
