import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.cells import clean, column_letters, number_text, unfit, without_unfit


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (111.75, "111.75"),
        (111.75000000000001, "111.75"),
        (0.1 + 0.2, "0.3"),
        (2.0, "2"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (123456789012345.0, "123456789012345"),
        (1.5010200100020000e20, "150102001000200000000"),
        (float("inf"), ""),
        (float("nan"), ""),
    ],
)
def test_numbers_as_a_person_would_type_them(number: float, text: str) -> None:
    assert number_text(number) == text


@given(st.decimals(-180, 180, places=9))
def test_degrees_of_nine_decimals_survive(number: object) -> None:
    assert float(number_text(float(str(number)))) == float(str(number))


@given(st.lists(st.text()))
def test_cleaning_twice_is_cleaning_once(cells: list[str]) -> None:
    assert clean(clean(cells)) == clean(cells)


@given(st.text())
def test_no_unfit_character_is_left(text: str) -> None:
    assert not unfit(without_unfit(text))


def test_letters_of_columns() -> None:
    shown = [column_letters(column) for column in (1, 26, 27, 702, 703, 16384)]
    assert shown == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
