"""The census sheet: official columns, and every place whole again from its row."""

from typing import Any

import pytest
from hypothesis import given, settings

from data.errors import FaultsFound
from data.formats import fields_of
from data.reference import place_sheet
from gazetteer.exchange.records import NameRow, PlaceRecord
from gazetteer.exchange.sheet import sheet_attributes, sheet_values

from .places import as_rows, from_row, records

TITLES = [attribute.name for attribute in sheet_attributes(placed=True)]


def cells_of(record: PlaceRecord, *, whole: bool = True) -> tuple[Any, ...]:
    return sheet_values(record, placed=True, whole=whole, crs="CGCS2000", path="")


@settings(max_examples=300, deadline=None)
@given(records)
def test_a_place_comes_back_whole(record: PlaceRecord) -> None:
    back = from_row(TITLES, as_rows(TITLES, cells_of(record)))
    assert dict(back.columns) == {**record.columns}
    assert back.position == record.position
    assert back.names == record.names
    assert dict(back.extras or {}) == dict(record.extras or {})


@settings(max_examples=100, deadline=None)
@given(records)
def test_a_sheet_comes_back_cell_by_cell(record: PlaceRecord) -> None:
    row = as_rows(TITLES, cells_of(record))
    assert as_rows(TITLES, cells_of(from_row(TITLES, row))) == row


def test_the_columns_are_the_official_ones() -> None:
    assert TITLES[:7] == [
        "地名代码",
        "标准名称",
        "别名",
        "简称",
        "曾用名",
        "汉字书写",
        "少数民族语书写",
    ]
    assert len(set(TITLES)) == len(TITLES)
    codes = {a.name: a.short for a in sheet_attributes(placed=True)}
    assert (codes["地名代码"], codes["标准名称"], codes["地名的含义"]) == ("DMDM", "BZMC", "DMDHY")
    known = {spelling: f.name for f in fields_of("names") for spelling in f.spellings}
    assert [known[field.zh] for field in place_sheet()] == [field.code for field in place_sheet()]


FULL = PlaceRecord(
    1,
    {
        "name": "白音敖包", "status": "standard", "category_code": "134", "place_code": None,
        "romanization": "Bayan Oboo", "romanization_mark": "as-loaded", "heritage": True,
        "division_code": "990101", "valid_from": "1954-01-01", "valid_to": None, "source": "普查",
        "meaning": "富饶的敖包", "origin": None, "history": None, "description": None,
        "remark": None, "source_id": "77", "licence": None, "synthetic": False,
    },
    (111.25, 41.25),
    (
        NameRow("白音敖包", "zh-Hans", "standard", "standard", source="普查"),
        NameRow("Bayan Oboo", "zh-Latn-pinyin", "standard", "standard", source="普查"),
        NameRow("敖包山", "zh-Hans", "alias", "standard", source="普查"),
        NameRow("鄂博", "zh-Hans", "alias", "standard", source="普查"),
        NameRow("ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ", "mn-Mong", "standard", "standard", source="普查"),
    ),
    {"secrecy": "秘密", "valid_from": "1954", "registered_by": "某人", "map_scale": "1:50000"},
)  # fmt: skip


def test_a_clerk_reads_it_as_a_sheet() -> None:
    row = dict(zip(TITLES, cells_of(FULL), strict=True))
    assert {title: cell for title, cell in row.items() if cell is not None} == {
        "标准名称": "白音敖包", "别名": "敖包山、鄂博", "少数民族语书写": "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ",
        "罗马字母拼写": "Bayan Oboo", "类别名称": "山地", "类别代码": "13400", "密级": "秘密",
        "设立年份": "1954", "东经": 111.25, "北纬": 41.25, "坐标系": "CGCS2000",
        "比例尺": "1:50000",
        "地名的含义": "富饶的敖包", "资料来源及出处": "普查", "登记人": "某人", "状态": "标准",
        "地名文化遗产": "是", "行政区划代码": "990101", "标识码": "77", "合成示例数据": "否",
    }  # fmt: skip


def test_what_is_closed_stays_with_the_office() -> None:
    row = dict(zip(TITLES, cells_of(FULL, whole=False), strict=True))
    assert (row["密级"], row["登记人"], row["高程"]) == (None, None, None)
    assert row["比例尺"] == "1:50000"


def test_a_changed_date_is_not_told_as_it_once_was_typed() -> None:
    changed = PlaceRecord(1, {**FULL.columns, "valid_from": "1960-05-01"}, None, (), FULL.extras)
    assert dict(zip(TITLES, cells_of(changed), strict=True))["设立年份"] == "1960-05-01"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"names": [1]}', '{"names": [{"text": "x"}]}', '{"extras": 1}']
)
def test_a_spoilt_last_column_is_a_fault(text: str) -> None:
    with pytest.raises(FaultsFound) as caught:
        from_row(["标准名称", "附加内容"], ["敖包", text])
    assert [fault.column for fault in caught.value.faults] == ["附加内容"]


def test_a_sheet_as_offices_have_it_is_read() -> None:
    row = {
        "地名代码": "330381 001 22100 000001", "标准名称": "甲村", "汉字书写": "甲村",
        "使用时间": "历史",
        "设立年份": "1954", "命名时间": "1955年", "备注": "一", "其他信息": "二",
        "登记时间": "2016",
    }  # fmt: skip
    back = from_row(list(row), list(row.values()))
    assert back.columns["place_code"] == "33038100122100000001"
    assert back.columns["status"] == "former"
    assert back.columns["valid_from"] == "1954-01-01"
    assert back.columns["remark"] == "一"
    assert back.extras == {
        "han_writing": "甲村", "use_time": "历史", "named_on": "1955年", "other_information": "二",
        "registered_on": "2016", "valid_from": "1954",
    }  # fmt: skip
