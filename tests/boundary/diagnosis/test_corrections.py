"""From a proposal to a new observation."""

from datetime import date

import pytest

from boundary.diagnosis import Proposal, ProposedCorrection
from boundary.observations import ObservationRow
from data.errors import InvalidValue

ROW = ObservationRow(7, {"lon": "40.84", "lat": "111.75", "method": "CORS"})
SWAP = Proposal(
    "axes_swapped", (("lon", "40.84", "111.75"), ("lat", "111.75", "40.84")), "填反", "exchanged"
)
TODAY = date(2026, 11, 23)


def test_a_confirmed_correction_is_a_new_row_and_the_old_one_stays() -> None:
    derived = ProposedCorrection(12, ROW, SWAP).confirm("甲", TODAY, "checked").derived_row(21)
    assert derived.row.cells == {"lon": "111.75", "lat": "40.84", "method": "CORS"}
    assert ROW.cells["lon"] == "40.84"
    record = derived.as_record()
    assert (record["derived_from_submission"], record["derived_from_row"]) == (12, 7)
    assert record["confirmed_by"] == "甲"


def test_nobody_confirms_nothing() -> None:
    with pytest.raises(InvalidValue):
        ProposedCorrection(12, ROW, SWAP).confirm("  ", TODAY)


def test_a_row_that_changed_meanwhile_is_assessed_again() -> None:
    changed = ObservationRow(7, {"lon": "41.84", "lat": "111.75"})
    with pytest.raises(InvalidValue, match="assess the row again"):
        ProposedCorrection(12, changed, SWAP).confirm("甲", TODAY)
