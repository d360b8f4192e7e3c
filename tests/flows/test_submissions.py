"""What is screened of an item's files."""

from __future__ import annotations

import pytest

from assent.catalogue.context import scan_context
from assent.catalogue.submissions import submission_of
from assent.core.terms import ItemState
from assent.people.queries import Member
from tests.flows.market import handed_in, posted


@pytest.mark.django_db
def test_a_format_is_no_word(rita: Member, cora: Member) -> None:
    found = scan_context(handed_in(cora, posted(rita), note="Rank 8."))
    attached = submission_of(found.item, found.work_type, found.files).attached
    names = [text for field, text in attached if field.endswith(".name")]
    assert sorted(names) == ["fox", "sample"]
    assert found.item.state is ItemState.PUBLISHED, "a sample picture in PNG speaks of no photo"
