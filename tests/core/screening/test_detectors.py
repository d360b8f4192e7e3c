"""Every detector proves its own examples, and every signal shows its evidence."""

from __future__ import annotations

from datetime import date

import pytest

from assent.core.screening.detectors import DETECTORS, SIGNAL_NAMES, Detector, Example
from assent.core.screening.page import Page
from assent.core.screening.screen import starter_index

CASES = [
    pytest.param(detector, example, id=f"{detector.name}-{at}")
    for detector in DETECTORS
    for at, example in enumerate(detector.examples())
]


@pytest.mark.parametrize(("detector", "example"), CASES)
def test_examples_hold(detector: Detector, example: Example) -> None:
    (page,) = Page.read_all([example.submission], date(2026, 6, 1), starter_index())
    found = list(detector.detect(page))
    names = {signal.name for signal in found}
    if not example.found:
        assert not names if example.signal is None else example.signal not in names
    else:
        assert names if example.signal is None else example.signal in names
    for signal in found:
        field = dict(example.submission.fields())[signal.field]
        assert field[signal.start : signal.end] == signal.text != ""
        assert -1 <= signal.weight <= 1
        assert signal.name in detector.signals


def test_every_detector_has_examples_for_and_against() -> None:
    for detector in DETECTORS:
        found = {example.found for example in detector.examples()}
        assert found == {True, False} or detector.name == "protected"


def test_no_two_detectors_share_a_signal() -> None:
    others = 2  # those that no detector finds: of the learned model, of the adjudicator
    found = sum(len(detector.signals) for detector in DETECTORS)
    assert len(SIGNAL_NAMES) == found + others
