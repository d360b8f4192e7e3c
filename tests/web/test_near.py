"""A moderator sees what a held work is like."""

from __future__ import annotations

import numpy as np

from tests.cast import Visitor
from tests.core.fingerprints.prints import many
from tests.flows.market import notice
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
