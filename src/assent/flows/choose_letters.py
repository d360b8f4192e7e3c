"""Choose which topics come as letters too; what is told on the site stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from assent.core.messages import Topic
from assent.people.queries import Member
from assent.watching import save


def choose_letters(member: Member, wanted: Iterable[str]) -> None:
    """Want letters of these topics and of no other."""
    unwanted = set(Topic) - {Topic(topic) for topic in wanted}
    with transaction.atomic():
        save.refuse_letters(member.id, unwanted)
