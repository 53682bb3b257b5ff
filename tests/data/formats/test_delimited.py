import csv
import io
import unicodedata
from collections.abc import Callable
from itertools import starmap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import FileTooLarge, InvalidFile
from data.formats import Limits
from data.formats.cells import BLANKS

from .conftest import Read

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]

HEAD = "界桩编号,经度,纬度\n"


def test_rows_are_numbered_as_a_spreadsheet_does_and_blank_rows_left_out(read: Reader) -> None:
    found = read(HEAD + "1521001Q,111.75,40.8\n\n , ,\n1521002Q,111.8,40.9\n")
    assert found.table.columns == ("界桩编号", "经度", "纬度")
    assert [row.number for row in found.rows] == [2, 5]
    assert found.cells[1] == ("1521002Q", "111.8", "40.9")
    assert found.table.format == "csv"
    assert found.table.crs is None


@pytest.mark.parametrize(
    ("codec", "label", "said"),
    [
        ("utf-8", "UTF-8", False),
        ("utf-8-sig", "UTF-8", False),
        ("utf-16", "UTF-16", False),
        ("utf-16-le", "UTF-16", True),
        ("utf-16-be", "UTF-16", True),
        ("gb18030", "GB18030", True),
        ("gbk", "GB18030", True),
    ],
)
def test_encodings_are_detected_and_a_guess_is_said(
    read: Reader, codec: str, label: str, *, said: bool
) -> None:
    found = read((HEAD + "蒙辽线001号,111.75,40.8\n").encode(codec))
    assert found.table.columns == ("界桩编号", "经度", "纬度")
    assert found.cells == [("蒙辽线001号", "111.75", "40.8")]
    assert found.table.encoding == label
    assert ("encoding-detected" in found.notes) is said


def test_a_broken_utf8_file_is_not_taken_for_gb18030(refusal: Refusal) -> None:
    content = (HEAD + "内蒙古自治区呼和浩特市,1,2\n").encode()
    error = refusal(content + b"\xff\xfe,1,2\n")
    assert f"byte {len(content) + 1}" in error.message
    assert "UTF-8" in error.message
    assert "另存为" in error.zh


def test_bytes_of_no_encoding_are_refused_with_their_place(refusal: Refusal) -> None:
    assert "byte 7 cannot be read" in refusal(b"name,a\xff\xff\n1,2\n").message


def test_zero_bytes_are_no_text(refusal: Refusal) -> None:
    assert "zero bytes" in refusal(b"a,b\n\x00\x00,\x00\x00\n").message


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("界桩编号;经度;纬度\n1;111,75;40,8\n", "semicolon"),
        ("界桩编号\t经度\t纬度\n1\t111,75\t40,8\n", "tab"),
        ("sep=;\na;b;c\n1;111,75;40,8\n", "semicolon"),
        ("a;b;c\n1;111,75;40,8\n2;111,76;40,9\n", "semicolon"),
    ],
)
def test_separators_are_found_even_beside_decimal_commas(
    read: Reader, text: str, separator: str
) -> None:
    found = read(text)
    assert found.cells[0] == ("1", "111,75", "40,8")
    assert [note.value for note in found.table.notes] == [separator]


def test_one_column_is_a_table_too(read: Reader) -> None:
    assert read("标准名称\n敖包\n").cells == [("敖包",)]


def test_titles_above_the_header_are_passed_over_and_said(read: Reader) -> None:
    found = read("界桩成果表,,\n单位：米,,\n" + HEAD + "1521001Q,1,2\n")
    assert found.table.columns == ("界桩编号", "经度", "纬度")
    assert found.rows[0].number == 4
    assert [note.value for note in found.table.notes] == ["界桩成果表 单位：米"]


def test_a_row_with_broken_quotes_is_one_fault_and_the_rest_is_read(read: Reader) -> None:
    found = read(HEAD + '1,"a"b,c\n2,x,y\n')
    assert found.faults == [("broken-quotes", 2, None)]
    assert found.cells[1] == ("2", "x", "y")


def test_a_quote_that_is_never_closed_names_its_row(refusal: Refusal) -> None:
    assert "row 3: a quotation mark" in refusal(HEAD + '1,2,3\n2,"x,y\n3,4,5\n').message


def test_cells_beyond_the_columns_are_a_fault_with_their_value(read: Reader) -> None:
    found = read(HEAD + "1,111,75,40,8\n2,3\n")
    assert found.faults == [("extra-cells", 2, None)]
    assert found.rows[0].faults[0].value == "40|8"
    assert found.cells[1] == ("2", "3", "")


def test_control_characters_are_named_and_replaced(read: Reader) -> None:
    found = read(HEAD + "1\x07,2,3\n")
    assert found.faults == [("unfit-character", 2, "界桩编号")]
    assert found.cells == [("1\ufffd", "2", "3")]


def test_mongolian_keeps_its_narrow_space_even_at_the_ends(read: Reader) -> None:
    word = "\u202fᠤᠨ ᠥᠪᠡᠷ\u180e\u202f"
    assert read(f"name,x\n\u3000{word} ,\ufeff1\n").cells == [(word, "1")]


@pytest.mark.parametrize("content", [b"", b"  \n\t\r\n  ", b"\xef\xbb\xbf", b"\n" * 200_000])
def test_nothing_but_blanks_is_refused(refusal: Refusal, content: bytes) -> None:
    assert "empty" in refusal(content).message


@pytest.mark.parametrize("content", [HEAD, HEAD + ",,\n", HEAD.encode("gbk")])
def test_a_header_only_is_refused(refusal: Refusal, content: str | bytes) -> None:
    assert "not one row" in refusal(content).message


def test_limits_of_rows_columns_cells_and_lines(
    refusal: Refusal, tight: Callable[..., Limits]
) -> None:
    rows = refusal(HEAD + "1,2,3\n" * 11, tight(max_rows=10))
    columns = refusal("a,b,c,d\n1,2,3,4\n", tight(max_columns=3))
    cell = refusal(HEAD + "1," + "x" * 11 + ",3\n", tight(max_cell_chars=10))
    line = refusal("x" * 5_000_000)
    assert {type(error) for error in (rows, columns, line)} == {FileTooLarge}
    assert "more than 10 rows" in rows.message
    assert "4 columns" in columns.message
    assert "row 2" in cell.message
    assert "a line" in line.message


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.text(
    '",;\t\n\r 敖包\u202f', max_size=8
)


def expected(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip(BLANKS))


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=30))
def test_whatever_is_written_as_csv_is_read_back(
    read: Reader, rows: list[tuple[str, str, str]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["界桩编号", "备注", "经度"])
    writer.writerows([("x" + first, second, third) for first, second, third in rows])
    found = read(text.getvalue())
    assert not found.faults
    assert found.cells == list(
        starmap(
            lambda first, second, third: (
                expected("x" + first),
                expected(second),
                expected(third),
            ),
            rows,
        )
    )
