"""What a reader may say of time."""

from datetime import date

import pytest

from data.asking import Interval
from data.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020-01-01", date(2020, 1, 1), date(2020, 1, 1)),
        ("2020-01-01T10:00:00Z", date(2020, 1, 1), date(2020, 1, 1)),
        ("2020-01-01t10:00:00z", date(2020, 1, 1), date(2020, 1, 1)),
        ("2020-01-01 10:00:00", date(2020, 1, 1), date(2020, 1, 1)),
        ("2020-01-01T03:00:00+08:00/..", date(2019, 12, 31), None),
        ("../2020-12-31", None, date(2020, 12, 31)),
    ],
)
def test_moments_and_days_of_rfc_3339_are_read(
    text: str, start: date | None, end: date | None
) -> None:
    found = Interval.parse(text)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01X10:00:00Z", "2020-01-01_10:00", "2020-01-01Z", "2020-W01-1", "20200101",
        "2020-1-1", "2020-02-30", "2020-01-01T25:00:00Z", "0001-01-01T00:00:00+14:00",
        "２０２０-01-01",
    ],
)  # fmt: skip
def test_what_is_no_day_of_rfc_3339_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Interval.parse(text)
