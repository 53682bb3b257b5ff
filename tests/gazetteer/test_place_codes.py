"""The 20-digit place code, read, held to its shape and made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidValue
from gazetteer.place_codes import PlaceCode

digits = st.from_regex(r"\A[0-9]{20}\Z")


@given(digits)
def test_every_code_of_twenty_digits_is_its_four_parts(text: str) -> None:
    code = PlaceCode.parse(text)
    assert str(code) == text
    assert [len(part) for part in (code.county, code.township, code.category, code.serial)] == [
        6, 3, 5, 6,
    ]  # fmt: skip


@given(
    st.from_regex(r"\A[0-9]{6}([0-9]{3}){0,2}\Z"),
    st.from_regex(r"\A[0-9]{1,5}\Z"),
    st.integers(1, 999_999),
)
def test_what_is_built_is_read_back(division: str, category: str, serial: int) -> None:
    code = PlaceCode.build(division, category, serial)
    assert PlaceCode.parse(str(code)) == code
    assert int(code.serial) == serial
    assert division.startswith(code.division_code) or code.division_code.startswith(division)
    assert code.category.rstrip("0") == category.ljust(5, "0").rstrip("0")


@pytest.mark.parametrize(
    "text",
    ["", "1", "3303810012210000000", "330381001221000000011", "3303810012210000000X", "３" * 20],
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="20 digits"):
        PlaceCode.parse(text)


@pytest.mark.parametrize(
    "parts", [("33038", "221", 1), ("330381", "", 1), ("330381", "x", 1), ("330381", "221", 0)]
)
def test_a_wrong_part_is_named(parts: tuple[str, str, int]) -> None:
    with pytest.raises(InvalidValue):
        PlaceCode.build(*parts)
