"""From a proposal to a new observation."""

from datetime import date

import pytest

from boundary.diagnosis import ConfirmedCorrection, Proposal, ProposedCorrection
from boundary.observations import ObservationRow
from data.errors import InvalidValue

ROW = ObservationRow(7, {"lon": "40.84", "lat": "111.75", "method": "CORS"})
SWAP = Proposal(
    "axes_swapped", (("lon", "40.84", "111.75"), ("lat", "111.75", "40.84")), "填反", "exchanged"
)
TODAY = date(2026, 11, 23)


def test_a_person_confirms_a_correction_and_the_row_stays() -> None:
    proposed = ProposedCorrection(12, ROW, SWAP)
    confirmed = proposed.confirm(" 甲 ", TODAY, "checked")
    assert confirmed == ConfirmedCorrection(proposed, "甲", TODAY, "checked")
    assert ROW.cells == {"lon": "40.84", "lat": "111.75", "method": "CORS"}


def test_nobody_confirms_nothing() -> None:
    with pytest.raises(InvalidValue):
        ProposedCorrection(12, ROW, SWAP).confirm("  ", TODAY)


def test_a_row_that_changed_meanwhile_is_assessed_again() -> None:
    changed = ObservationRow(7, {"lon": "41.84", "lat": "111.75"})
    with pytest.raises(InvalidValue, match="assess the row again"):
        ProposedCorrection(12, changed, SWAP).confirm("甲", TODAY)
