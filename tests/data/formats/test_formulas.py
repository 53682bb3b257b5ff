"""What a spreadsheet would calculate leaves as text, and comes back as it was."""

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.formulas import guarded, unguarded

from .conftest import Read

MARKS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("mark", MARKS)
def test_a_cell_that_begins_with_a_mark_becomes_text(mark: str) -> None:
    assert guarded(f"{mark}1+1") == f"'{mark}1+1"
    assert unguarded(f"'{mark}1+1") == f"{mark}1+1"


@given(st.text(alphabet=st.sampled_from(f"'{MARKS}a敖 ")))
def test_every_text_comes_back_and_none_begins_with_a_mark(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.startswith(tuple(MARKS))


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "'=1", "'s-Hertogenbosch", "@SUM(1)", "-"])
def test_the_reader_of_csv_restores_what_the_writer_guarded(
    read: Callable[..., Read], text: str
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["标准名称", "备注"], [guarded(text), "x"]])
    assert read(out.getvalue()).cells == [(text, "x")]
