"""What is kept of a line on both stores: sections, agreements, findings, documents, its page."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from files import write_csv, write_geojson
from sqlalchemy import select

from boundary.documents import Paper, read_document
from boundary.errors import WrongState
from boundary.line_tables import line_section
from boundary.lines import (
    LinesQuery,
    Section,
    add_finding,
    add_line_document,
    add_safe_boundary,
    apart_findings,
    drafted_course,
    line_page,
    list_lines,
    read_line,
    set_sections,
    settle_finding,
)
from boundary.lines.checks import count_findings, length_findings
from boundary.lines.loading import lines_loader, sections_loader
from boundary.tables import line
from data.actors import Actor, Grant, Role
from data.errors import Conflict, FaultsFound, Forbidden, Immutable, InvalidValue, NotFound
from data.geometry import to_wkb
from data.loading import Loaded, LoadOptions, load_file
from data.store import Store
from data.stored_files import read_file

TODAY = date(2026, 11, 23)
EDITOR = Actor("编辑", frozenset({Grant(Role.EDITOR, "990101")}))
SECTIONS = [
    Section("界桩", "已勘定", "9901001Q", "9901002Q", length_m=22_212.0, direction="北"),
    Section("线状地物", "未定", "9901002Q", "9901003A", feature="某河中心线", course="沿某河北行"),
    Section("other_mark", "agreed", "9901003A", "9901004Q"),
]


def page(store: Store, line_id: int = 1) -> dict[str, Any]:
    with store.read() as connection:
        return line_page(connection, line_id, store.crs, TODAY)


def test_sections_make_the_lines_state(filled: Store) -> None:
    assert set_sections(filled, EDITOR, 1, 1, SECTIONS) == 2
    found = page(filled)
    assert found["line"]["state"] == "undetermined"
    assert [(one["ordinal"], one["kind"], one["state"]) for one in found["sections"]] == [
        (1, "marker", "agreed"),
        (2, "linear_feature", "undetermined"),
        (3, "other_mark", "agreed"),
    ]
    assert found["sections"][0]["direction"] == "N"
    assert found["segments"] == [
        {"kind": "marker", "state": "agreed", "count": 1, "length_m": 22_212.0},
        {"kind": "linear_feature", "state": "undetermined", "count": 1, "length_m": None},
        {"kind": "other_mark", "state": "agreed", "count": 1, "length_m": None},
    ]
    set_sections(filled, EDITOR, 1, 2, SECTIONS[:1])
    assert page(filled)["line"]["state"] == "agreed"
    assert len(page(filled)["sections"]) == 1


def test_every_fault_of_sections_is_told_and_nothing_is_kept(filled: Store) -> None:
    wrong = [
        Section("墙", "也许", "9901009Q", None, direction="上"),
        Section("线状地物", "agreed", None, None, length_m=-1.0),
    ]
    with pytest.raises(FaultsFound) as caught:
        set_sections(filled, EDITOR, 1, 1, wrong)
    assert [(f.row, f.column) for f in caught.value.faults] == [
        (1, "kind"),
        (1, "state"),
        (1, "direction"),
        (1, "from_marker"),
        (2, "feature"),
        (2, "length_m"),
    ]
    assert page(filled)["sections"] == []
    assert page(filled)["line"]["version"] == 1


def test_who_is_no_editor_of_a_party_may_not_write(filled: Store) -> None:
    stranger = Actor("外人", frozenset({Grant(Role.EDITOR, "990201")}))
    prefecture = Actor("盟", frozenset({Grant(Role.EDITOR, "990100")}))
    with pytest.raises(Forbidden, match="editor"):
        set_sections(filled, stranger, 1, 1, SECTIONS)
    assert set_sections(filled, prefecture, 1, 1, SECTIONS) == 2


def test_a_line_that_changed_meanwhile_is_a_conflict(filled: Store) -> None:
    set_sections(filled, EDITOR, 1, 1, SECTIONS)
    with pytest.raises(Conflict):
        set_sections(filled, EDITOR, 1, 1, SECTIONS[:1])
    assert len(page(filled)["sections"]) == 3


def test_the_agreed_line_does_not_move_when_the_river_does(filled: Store) -> None:
    moved = to_wkb(shapely.MultiLineString([[(112.01, 41), (112.01, 42)]]))
    with (
        pytest.raises(Immutable, match="agreed line is never moved"),
        filled.write("t", "river") as transaction,
    ):
        transaction.update(line, 1, 1, {"geom": moved})
    with (
        pytest.raises(Immutable, match="archived"),
        filled.write("t", "remove") as transaction,
    ):
        transaction.delete(line, 1, 1)
    surveyor = Actor("巡查", frozenset({Grant(Role.SURVEYOR, "990102")}))
    said = {"section_ordinal": 2, "feature_state": "自然变化", "found_on": TODAY}
    key = add_finding(filled, surveyor, 1, "河流改道", "主流北移约 300 米", said)
    (finding,) = page(filled)["findings"]
    assert (finding["kind"], finding["feature_state"], finding["state"]) == (
        "linear_feature_changed",
        "changed_naturally",
        "open",
    )
    settle_finding(filled, EDITOR, key, "按原线执行，下轮联检复核", TODAY)
    assert page(filled)["findings"][0]["state"] == "settled"
    with pytest.raises(WrongState):
        settle_finding(filled, EDITOR, key, "again", TODAY)


def test_safe_boundary_agreements_have_dates_and_papers(filled: Store) -> None:
    paper = Paper("平安边界协议", "协议", "平〔2024〕1号", date(2024, 5, 1), b"%PDF-1.7", "a.pdf")
    values = {"title": "平安边界协议", "signed_on": date(2024, 5, 1), "valid_to": date(2025, 4, 30)}
    add_safe_boundary(filled, EDITOR, 1, values, [paper])
    renewed = {"title": "续签", "signed_on": date(2025, 5, 1), "valid_to": None}
    add_safe_boundary(filled, EDITOR, 1, renewed, [])
    old, new = page(filled)["safe_boundaries"]
    assert (old["in_force"], new["in_force"]) == (False, True)
    (kept,) = old["documents"]
    with filled.read() as connection:
        record = read_document(connection, kept["id"])
        assert read_file(connection, record["sha256"]) == b"%PDF-1.7"
    assert record["media_type"] == "application/pdf"
    with pytest.raises(InvalidValue, match="valid_to"):
        add_safe_boundary(filled, EDITOR, 1, values | {"valid_to": date(2020, 1, 1)}, [])


def test_a_document_is_never_deleted(filled: Store) -> None:
    from boundary.line_tables import boundary_document

    key = add_line_document(filled, EDITOR, 1, Paper("勘界协议书", "协议书", "勘〔1997〕3号"))
    assert page(filled)["documents"][0]["number"] == "勘〔1997〕3号"
    with pytest.raises(Immutable), filled.write("t", "x") as transaction:
        transaction.delete(boundary_document, key, 1)
    for wrong in (Paper("情书", "x"), Paper("批复", " "), Paper("批复", "x", content=b"")):
        with pytest.raises(InvalidValue):
            add_line_document(filled, EDITOR, 1, wrong)


def test_the_page_has_markers_counts_and_lengths(filled: Store) -> None:
    found = page(filled)
    assert [one["marker_no"] for one in found["markers"]][:2] == ["9901001Q", "9901002Q"]
    assert found["marker_counts"] == {"markers": 5, "single": 3, "double": 2, "triple": 0}
    assert found["lengths"]["computed_m"] == pytest.approx(111_060, abs=30)
    assert found["parties"] == [
        {"code": "990101", "name": "东旗"},
        {"code": "990102", "name": "西旗"},
    ]
    with pytest.raises(NotFound):
        page(filled, 99)


def test_counts_and_lengths_that_differ_are_said() -> None:
    stated = {"markers_stated": 6, "single_stated": 3, "double_stated": None, "triple_stated": 1}
    found = count_findings(stated, ["Q", "Q", "Q", "A", "B"])
    assert [one.value for one in found] == [6, 1]
    assert length_findings(None, 1000.0) == []
    assert length_findings(1_000_500.0, 1_000_000.0) == []
    (said,) = length_findings(1_002_000.0, 1_000_000.0)
    assert said.value == pytest.approx(2000)


def test_a_drafted_course_follows_the_registered_markers(filled: Store) -> None:
    with filled.read() as connection:
        found = drafted_course(connection, 1, filled.crs)
    assert [one.to_marker for one in found] == ["9901001Q", "9901002Q", "9901003A", "9901004Q", ""]


def test_lines_are_listed_by_side_level_state_and_name(filled: Store) -> None:
    with filled.write("t", "more lines") as transaction:
        transaction.insert_many(
            line,
            [
                {"name": "南北线", "code": "9902", "level": "prefecture", "state": "disputed"}
                | {"party_a": "990201", "party_b": "990101", "party_c": "980101"},
                {"name": "旧线", "level": "county", "valid_to": TODAY},
            ],
        )
    queries = {
        LinesQuery(): ["东西线", "南北线"],
        LinesQuery(party="990101"): ["东西线", "南北线"],
        LinesQuery(party="980101"): ["南北线"],
        LinesQuery(level="county"): ["东西线"],
        LinesQuery(state="disputed"): ["南北线"],
        LinesQuery(name="9902"): ["南北线"],
        LinesQuery(after=1): ["南北线"],
        LinesQuery(limit=1): ["东西线", "南北线"],
    }
    with filled.read() as connection:
        for query, names in queries.items():
            assert [row["name"] for row in list_lines(connection, query)] == names, query


def load(store: Store, path: Path, loader: Any) -> Loaded:
    return load_file(store, loader, path, "tester", LoadOptions())


def test_a_party_that_does_not_touch_its_line_is_said_at_the_load(
    filled: Store, tmp_path: Path
) -> None:
    header = ("界线名称", "甲方代码", "乙方代码")
    curve = shapely.LineString([(112, 40.1), (112, 40.9)])
    path = write_geojson(tmp_path / "a.geojson", header, [("远线", "990201", "980101")], [curve])
    (note,) = [n for n in load(filled, path, lines_loader()).notes if n.code == "party_apart"]
    assert "邻县" in note.zh
    assert float(note.value) == pytest.approx(84_500, rel=0.02)
    with filled.read() as connection:
        assert [
            one.kind for one in apart_findings(connection, read_line(connection, 2), filled.crs)
        ] == ["party_apart"]
        assert apart_findings(connection, read_line(connection, 1), filled.crs) == []


def test_the_known_undetermined_line_carries_its_state(filled: Store, tmp_path: Path) -> None:
    header = ("界线名称", "甲方代码", "乙方代码")
    curve = shapely.LineString([(112, 40.1), (112, 40.9)])
    rows = [("蒙甘线", "152923", "620921")]
    load(filled, write_geojson(tmp_path / "a.geojson", header, rows, [curve]), lines_loader())
    with filled.read() as connection:
        record = read_line(connection, 2)
    assert (record["state"], record["length_basis"]) == ("undetermined", "computed")
    assert "2015" in record["state_source"]


def test_sections_come_from_a_file_too(filled: Store, tmp_path: Path) -> None:
    header = (
        "界线代码",
        "序号",
        "起点界桩",
        "止点界桩",
        "类型",
        "地物",
        "状态",
        "长度",
        "方向",
        "走向说明",
    )
    rows = [
        ("9901", "2", "9901002Q", "9901003A", "线状地物", "某河", "争议", "22.2", "北", "沿某河"),
        ("9901", "1", "9901001Q", "9901002Q", "界桩", "", "", "", "", ""),
    ]
    load(filled, write_csv(tmp_path / "a.csv", header, rows), sections_loader())
    with filled.read() as connection:
        kept = connection.execute(select(line_section).order_by(line_section.c.ordinal)).all()
    assert [(one.from_marker, one.state) for one in kept] == [
        ("9901001Q", "agreed"),
        ("9901002Q", "disputed"),
    ]
    wrong = [
        ("9901", "1", "9901001Q", "x", "墙", "", "", "", "", ""),
        ("9", *[""] * 3, "界桩", *[""] * 5),
    ]
    with pytest.raises(FaultsFound) as caught:
        load(filled, write_csv(tmp_path / "b.csv", header, wrong), sections_loader())
    assert [(f.row, f.column, f.code) for f in caught.value.faults] == [
        (2, "kind", "invalid-value"),
        (2, "to_marker", "invalid-value"),
        (3, "line_code", "unknown-line"),
    ]
    with filled.read() as connection:
        assert len(connection.execute(select(line_section)).all()) == 2
