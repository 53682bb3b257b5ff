"""Codes of several schemes, each by its own rule, and records by any of them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data.actors import Actor, Grant, Role
from data.errors import Conflict, Forbidden, InvalidValue
from data.store import Store
from gazetteer.identifiers import CreditCode, NewIdentifier, assign, end, look_up, readings
from gazetteer.identifiers.credit_code import ALPHABET, check_character
from gazetteer.tables import place

OPERATOR = Actor.operator("tests")
# Published codes of companies and bodies, as public programs use them for trials.
PUBLISHED = [
    "9144030071526726XG",
    "91330100799655058B",
    "91350200MA2YJ1XR9G",
    "913502000728319549",
    "91440101MA5CJQ4N59",
    "123502001549897397",
]
VILLAGE = "5415250100000000" + "1" + check_character("54152501000000001")


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_prove_the_rule(code: str) -> None:
    assert str(CreditCode.parse(code)) == code


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("9144030071526726XH", "校验码应为“G”"),
        ("9144030071526726X", "18 位"),
        ("9144030071526726XGG", "18 位"),
        ("I144030071526726XG", "18 位"),
        ("91A4030071526726XG", "18 位"),
        ("91４４030071526726XG", "18 位"),
        ("", "18 位"),
    ],
)
def test_another_code_is_refused_with_the_way_out(code: str, word: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        CreditCode.parse(code)
    assert word in refused.value.zh


@given(
    st.integers(0, 16),
    st.sampled_from(ALPHABET),
    st.sampled_from(PUBLISHED),
)
def test_one_wrong_character_is_always_noticed(place_: int, wrong: str, code: str) -> None:
    changed = code[:place_] + wrong + code[place_ + 1 :]
    if changed == code:
        return
    with pytest.raises(InvalidValue):
        CreditCode.parse(changed)


def test_spaces_hyphens_and_small_letters_are_read() -> None:
    assert str(CreditCode.parse(" 9144 0300-71526726 xg ")) == PUBLISHED[0]


@pytest.mark.parametrize(
    ("text", "schemes"),
    [
        ("152501", {"division_code", "heritage_no"}),
        ("152501001", {"division_code", "heritage_no"}),
        ("152501001200", {"division_code", "heritage_no"}),
        ("33038100122100000001", {"place_code", "heritage_no"}),
        (PUBLISHED[0], {"uscc", "heritage_no"}),
        ("内遗〔2024〕001", {"heritage_no"}),
        ("1525", {"heritage_no"}),
        ("１５２５０１", set()),
        ("a b", set()),
        ("", set()),
    ],
)
def test_a_text_is_read_by_the_rule_of_each_scheme(text: str, schemes: set[str]) -> None:
    assert {code for code, read in readings(text).items() if isinstance(read, str)} == schemes


def found(store: Store, text: str) -> dict[str, dict[str, Any]]:
    with store.read() as connection:
        return {one["scheme"]: one for one in look_up(connection, text)["matches"]}


def test_records_are_found_by_each_of_their_codes(filled: Store) -> None:
    with filled.write("tests", "codes") as transaction:
        row = transaction.connection.execute(select(place).where(place.c.name == "白音敖包")).one()
        transaction.update(place, row.id, row.version, {"place_code": "99010100022200000001"})
    assign(
        filled, OPERATOR,
        NewIdentifier("uscc", VILLAGE, place_id=row.id, valid_from=date(2018, 6, 1), source="证书"),
    )  # fmt: skip
    assign(filled, OPERATOR, NewIdentifier("heritage_no", "盟-001", place_id=row.id))
    assign(filled, OPERATOR, NewIdentifier("uscc", PUBLISHED[5], division_code="990101"))
    by_place_code = found(filled, "990101 000 22200 000001")["place_code"]
    assert by_place_code["parts"] == {"division": "990101", "category": "22200", "serial": "000001"}
    assert by_place_code["records"][0]["name"] == "白音敖包"
    village = found(filled, VILLAGE.lower())["uscc"]
    assert village["parts"]["division"] == "152501"
    assert "民政" in village["parts"]["department"]
    assert village["records"][0]["id"] == row.id
    assert found(filled, "盟-001")["heritage_no"]["records"][0]["name"] == "白音敖包"
    assert found(filled, PUBLISHED[5])["uscc"]["records"][0]["code"] == "990101"
    banner = found(filled, "990101")["division_code"]["records"][0]
    assert (banner["name"], banner["in_force"]) == ("东旗", True)
    assert found(filled, "999999")["division_code"]["records"] == []
    assert "heritage_no" not in found(filled, "999999")


def test_a_code_that_nearly_fits_is_told_why_not(filled: Store) -> None:
    wrong = PUBLISHED[0][:-1] + "H"
    assert "校验码" in found(filled, wrong)["uscc"]["fault"]["zh"]


def test_a_code_belongs_to_one_record_at_a_time(filled: Store) -> None:
    first = assign(filled, OPERATOR, NewIdentifier("uscc", VILLAGE, place_id=1))
    with pytest.raises(Conflict, match="place 1 already"):
        assign(filled, OPERATOR, NewIdentifier("uscc", VILLAGE, place_id=2))
    assert end(filled, OPERATOR, first, 1, date(2024, 1, 1)) == 2
    with pytest.raises(Conflict):
        end(filled, OPERATOR, first, 1, date(2024, 1, 1))
    assign(filled, OPERATOR, NewIdentifier("uscc", VILLAGE, place_id=2))
    ended, now = found(filled, VILLAGE)["uscc"]["records"]
    assert (ended["id"], ended["valid_to"]) == (1, "2024-01-01")
    assert (now["id"], now["valid_to"]) == (2, None)


@pytest.mark.parametrize(
    "new",
    [
        NewIdentifier("uscc", VILLAGE),
        NewIdentifier("uscc", VILLAGE, place_id=1, division_code="990101"),
        NewIdentifier("uscc", VILLAGE, place_id=999),
        NewIdentifier("uscc", VILLAGE, division_code="999999"),
        NewIdentifier("uscc", VILLAGE[:-1] + "A" + "A", place_id=1),
        NewIdentifier("division_code", "990101", place_id=1),
        NewIdentifier("isbn", "1", place_id=1),
    ],
)
def test_what_cannot_be_given_is_refused(filled: Store, new: NewIdentifier) -> None:
    with pytest.raises(InvalidValue):
        assign(filled, OPERATOR, new)


def test_an_editor_of_the_division_gives_them(filled: Store) -> None:
    here = Actor("a", frozenset({Grant(Role.EDITOR, "990100")}))
    assert assign(filled, here, NewIdentifier("heritage_no", "甲-1", place_id=1))
    with pytest.raises(Forbidden):
        assign(filled, here, NewIdentifier("heritage_no", "甲-2", division_code="990201"))
