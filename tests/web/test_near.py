"""A moderator sees what a held work is like."""

from __future__ import annotations

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile

from assent.core.terms import ItemState
from tests.cast import Visitor
from tests.core.files import files_made as made
from tests.core.fingerprints.prints import many
from tests.flows.market import notice, state
from tests.flows.test_near import listed, model


def test_a_moderator_sees_what_a_held_work_is_like(
    cora: Visitor, chris: Visitor, mo: Visitor
) -> None:
    original = listed(cora.member, model(many()))
    notice(original)
    copy = listed(chris.member, model(many(), np.float16))
    page = mo.get(f"/queue/{copy}").text
    assert "Other copies of this work here" in page
    assert original in page
    assert "40 of 40 modules match closely" in page


def test_moderators_alone_read_what_a_file_says_of_itself(
    cora: Visitor, chris: Visitor, mo: Visitor
) -> None:
    work = SimpleUploadedFile("hills.safetensors", made.lora())
    item = listed(cora.member, work)
    page = mo.get(f"/queue/{item}").text
    assert "vera lindqvist-oyelaran" in page
    assert "24 images" in page
    assert "ss_dataset_dirs" in page
    for stranger in (chris, cora):
        assert "lindqvist" not in stranger.get(f"/queue/{item}").text.lower()


def test_req_td_08_a_case_worker_sees_changed_copies_that_are_public_and_adds_them(
    cora: Visitor, chris: Visitor, mo: Visitor
) -> None:
    original = listed(cora.member, model(many()))
    copy = listed(chris.member, model(many(), np.float16))
    assert state(copy) is ItemState.PUBLISHED
    number = notice(original).number
    assert state(copy) is ItemState.PUBLISHED, "like is not the same: a person looks"
    page = mo.get(f"/cases/{number}")
    assert "Changed copies, perhaps" in page.text
    assert f'name="item" value="{copy}"' in page.html
    mo.post(f"/cases/{number}", {"action": "add", "item": copy})
    assert state(copy) is ItemState.HIDDEN
    assert "Changed copies, perhaps" not in mo.get(f"/cases/{number}").text
    mo.post(f"/cases/{number}", {"sure": "on"})
    assert (state(original), state(copy)) == (ItemState.REMOVED, ItemState.REMOVED)
