"""Signs from a file to repair orders, on both stores."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import naming_cases
import pytest
from files import write_csv
from sqlalchemy import select

from data.errors import Conflict, InvalidValue, NotCommittable
from data.loading import LoadOptions, load_file
from data.store import Store
from data.tables import journal
from gazetteer import following, signs
from gazetteer.signs.standards import standards_of
from gazetteer.signs.texts import SignTexts, Standard, check_texts
from gazetteer.tables import place, place_name

TODAY = date(2026, 6, 1)
HEADER = (
    "标志编号", "标准名称", "标志类型", "行政区划代码", "牌面汉字", "牌面拼音",
    "经度", "纬度", "中误差", "管理单位",
)  # fmt: skip
ROWS = [
    ("S1", "白音敖包", "村牌", "990101", "白音敖包", "Bayan Oboo", "111.25", "41.25", ".05", "东"),
    ("S2", "巴彦淖尔", "村牌", "990102", "巴彦卓尔", "Bayannur", "112.5", "41.5", "0.05", "西旗"),
    ("S3", "乌兰浩特", "路牌", "", "乌兰浩特", "Wulanhaote", "111.5", "40.5", "0.05", ""),
    ("S4", "无名地", "其他", "", "无名地", "", "111.6", "40.6", "", ""),
]  # fmt: skip


@pytest.fixture
def signed(filled: Store, tmp_path: Path) -> Store:
    path = write_csv(tmp_path / "signs.csv", HEADER, ROWS)
    loaded = load_file(filled, signs.signs_loader(), path, "tests", LoadOptions())
    assert {note.code for note in loaded.notes} >= {"sign-without-place", "sign-text"}
    return filled


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


VISIT = ("标志编号", "标志状况", "牌面汉字", "经度", "纬度", "测量方法", "检查日期")


def visit(*rows: Sequence[str]) -> bytes:
    return table(rows, VISIT)


def states(store: Store) -> dict[str, str]:
    with store.read() as connection:
        rows = connection.execute(select(signs.sign.c.sign_no, signs.sign.c.text_state))
        return {row.sign_no: row.text_state for row in rows}


def test_each_sign_is_tied_to_its_place_and_its_text_checked(signed: Store) -> None:
    assert states(signed) == {"S1": "right", "S2": "wrong", "S3": "wrong", "S4": "unknown"}
    with signed.read() as connection:
        two, three = signs.sign_check(connection, 2), signs.sign_check(connection, 3)
    assert [(one["code"], one["standard"]) for one in two["faults"]] == [("han-name", "巴彦淖尔")]
    assert [(one["code"], one["standard"]) for one in three["faults"]] == [
        ("romanization", "Ulan Hot")
    ]


def test_a_sign_is_tied_to_a_place_that_reaches_beyond_its_division(
    filled: Store, tmp_path: Path
) -> None:
    with filled.write("tests", "a river of a league, and one of another") as transaction:
        for code in ("990100", "990200"):
            row = {"name": "长河", "status": "standard", "division_code": code}
            transaction.insert(place, row)
    rows = [("S9", "长河", "其他", "990101", "长河", "", "111.25", "41.25", "", "")]
    path = write_csv(tmp_path / "signs.csv", HEADER, rows)
    load_file(filled, signs.signs_loader(), path, "tests", LoadOptions())
    with filled.read() as connection:
        tied = select(place.c.division_code).join(signs.sign, signs.sign.c.place_id == place.c.id)
        assert connection.scalars(tied).all() == ["990100"]


def test_a_renamed_place_makes_its_sign_wrong_at_once(signed: Store) -> None:
    with signed.write("tests", "rename") as transaction:
        row = transaction.connection.execute(
            select(place.c.id, place.c.version).where(place.c.name == "白音敖包")
        ).one()
        transaction.update(place, row.id, row.version, {"name": "巴彦敖包"})
    assert states(signed)["S1"] == "wrong"
    with signed.read() as connection:
        entry = connection.execute(
            select(journal)
            .where(journal.c.table_name == "sign")
            .order_by(journal.c.sequence.desc())
        ).first()
    assert entry is not None
    assert (entry.actor, entry.reason, entry.action) == ("tests", "rename", "update")
    with signed.write("tests", "all") as transaction:
        assert signs.recheck(transaction) == 0
    with signed.write("tests", "back") as transaction:
        transaction.update(place, row.id, row.version + 1, {"name": "白音敖包"})
    assert states(signed)["S1"] == "right"


def test_an_approved_change_of_name_makes_its_signs_wrong(filled: Store) -> None:
    old = naming_cases.street(filled)
    with filled.write("tests", "its sign") as transaction:
        values = {"sign_no": "S9", "name": "旧街", "place_id": old, "text_han": "旧街"}
        identity = transaction.insert(signs.sign, values | {"geom": None, "text_state": "right"})
    naming_cases.approved(filled, naming_cases.renaming(old))
    assert states(filled)["S9"] == "wrong"
    with filled.read() as connection:
        (fault,) = signs.sign_check(connection, identity)["faults"]
    assert (fault["code"], fault["standard"]) == ("han-name", "丁香路")


def test_another_romanization_makes_a_sign_wrong(signed: Store) -> None:
    with signed.write("tests", "another form") as transaction:
        row = transaction.connection.execute(
            select(place.c.id, place.c.version).where(place.c.name == "白音敖包")
        ).one()
        transaction.update(place, row.id, row.version, {"romanization": "Bayan Obo"})
    assert states(signed)["S1"] == "wrong"


def test_the_signs_of_many_places_follow_too(
    signed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_MANY", 1)
    with signed.write("tests", "rename") as transaction:
        row = transaction.connection.execute(
            select(place.c.id, place.c.version).where(place.c.name == "巴彦淖尔")
        ).one()
        transaction.update(place, row.id, row.version, {"name": "巴彦卓尔"})
    assert states(signed)["S2"] == "right"


@pytest.mark.parametrize(
    ("language", "held"),
    [("mn-Mong", True), ("mn-Mong-CN", True), ("MN-mong-x-a", True), ("mn-Cyrl-t-mn-mong", False)],
)  # fmt: skip
def test_a_sign_is_held_against_every_form_in_mongolian_script(
    signed: Store,
    language: str,
    held: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    with signed.write("tests", "a form") as transaction:
        form = {"place_id": 1, "text": "ᠪᠠᠶᠠᠨ", "language": language, "kind": "local"}
        transaction.insert(place_name, form | {"status": "standard"})
    with signed.read() as connection:
        (standard,) = standards_of(connection, [1]).values()
    assert standard.minority == (("ᠪᠠᠶᠠᠨ",) if held else ())


def judged(store: Store, content: bytes) -> dict[str, Any]:
    files = signs.sign_files()
    return files.preview(store, files.receive(store, content, "检查.csv", "甲"), TODAY)


def test_rows_are_judged(signed: Store) -> None:
    report = judged(
        signed,
        visit(
            ("S1", "完好", "", "111.25", "41.25", "网络RTK", "2026-05-03"),
            ("S1", "", "", "111.2501", "41.25", "网络RTK", "2026-05-03"),
            ("S1", "", "", "111.2501", "41.25", "", "2026-05-03"),
            ("S1", "损坏", "", "", "", "", "2026-05-03"),
            ("S1", "", "白音敖宝", "", "", "", "2026-05-03"),
            ("", "", "", "111.25001", "41.25", "手持GPS", "2026-05-03"),
            ("S9", "完好", "", "", "", "", "2026-05-03"),
        ),
    )
    found = [(one["match"], one["condition"]) for one in report["results"]]
    assert found == [
        ("number", "intact"),
        ("number", "moved"),
        ("number", "intact"),
        ("number", "damaged"),
        ("number", "wrong_text"),
        ("nearest", "intact"),
        ("none", "unmatched"),
    ]
    moved = report["results"][1]
    assert moved["distance_m"] == pytest.approx(8.37, abs=0.05)
    assert moved["tolerance_m"] == pytest.approx(2.448 * (0.05**2 + 0.025**2) ** 0.5, abs=0.01)
    assert report["results"][2]["tolerance_m"] is None


def test_the_only_sign_of_a_register_is_the_nearest(filled: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "signs.csv", HEADER, ROWS[:1])
    load_file(filled, signs.signs_loader(), path, "tests", LoadOptions())
    content = visit(
        ("", "完好", "", "111.25", "41.2501", "CORS", "2026-05-20"),
        ("", "完好", "", "112.25", "41.25", "CORS", "2026-05-20"),
    )
    near, far = judged(filled, content)["results"]
    assert (near["sign_no"], near["match"]) == ("S1", "nearest")
    assert (far["sign_id"], far["match"]) == (None, "none")


def test_faulty_rows_are_told_and_not_judged(signed: Store) -> None:
    report = judged(
        signed,
        visit(
            ("S1", "很好看", "", "", "", "", "2026-05-03"),
            ("S1", "完好", "", "", "", "", "2031-01-01"),
            ("S1", "完好", "", "", "", "", "2026-05-03"),
        ),
    )
    assert [fault["row"] for fault in report["faults"]] == [2, 3]
    assert len(report["results"]) == 1


def test_a_commit_keeps_conditions_and_orders_repairs_once(signed: Store) -> None:
    files = signs.sign_files()
    for day in ("2026-05-03", "2026-05-04"):
        content = visit(
            ("S1", "丢失", "", "", "", "", day), ("S2", "完好", "巴彦淖尔", "", "", "", day)
        )
        identity = files.receive(signed, content, "检查.csv", "甲")
        files.preview(signed, identity, TODAY)
        report = files.commit(signed, identity, "乙", TODAY)
        assert report["state"] == "committed"
        assert files.commit(signed, identity, "乙", TODAY)["committed_by"] == "乙"
    with signed.read() as connection:
        one = connection.execute(select(signs.sign).where(signs.sign.c.sign_no == "S1")).one()
        orders = signs.list_repairs(connection, signs.RepairsQuery())
        inspections = connection.execute(select(signs.sign_inspection)).all()
    assert (one.condition, one.inspected_on) == ("missing", date(2026, 5, 4))
    assert len(inspections) == 4
    assert [(o["sign_no"], o["condition"], o["due_on"], o["responsible"]) for o in orders] == [
        ("S1", "missing", date(2026, 7, 2), "东")
    ]


def test_a_file_without_any_known_sign_is_not_committed(signed: Store) -> None:
    files = signs.sign_files()
    identity = files.receive(signed, visit(("S9", "完好", "", "", "", "", "")), "a.csv", "甲")
    files.preview(signed, identity, TODAY)
    with pytest.raises(NotCommittable, match="no row that names a sign"):
        files.commit(signed, identity, "乙", TODAY)


def order(store: Store) -> int:
    files = signs.sign_files()
    content = visit(("S1", "损坏", "", "", "", "", "2026-05-03"))
    files.commit(store, files.receive(store, content, "a.csv", "甲"), "乙", TODAY)
    with store.read() as connection:
        (found,) = signs.list_repairs(connection, signs.RepairsQuery())
    return int(found["id"])


def test_two_people_cannot_change_one_order_unseen(signed: Store) -> None:
    identity = order(signed)
    done = {"state": "done", "done_on": date(2026, 5, 20), "done_by": "丙"}
    assert signs.change_repair(signed, identity, 1, done, "丙")["version"] == 2
    with pytest.raises(Conflict):
        signs.change_repair(signed, identity, 1, {"state": "cancelled"}, "丁")
    with pytest.raises(InvalidValue, match="done_on"):
        signs.change_repair(signed, identity, 2, {"state": "done"}, "丁")
    with signed.read() as connection:
        assert signs.list_repairs(connection, signs.RepairsQuery()) == []


def test_overdue_orders(signed: Store) -> None:
    order(signed)
    with signed.read() as connection:
        for day, count in ((date(2026, 6, 2), 0), (date(2026, 6, 3), 1)):
            asked = signs.RepairsQuery(overdue_on=day)
            assert len(signs.list_repairs(connection, asked)) == count


@pytest.mark.parametrize(
    ("texts", "standard", "state", "codes"),
    [
        (
            SignTexts("红山区", "Hongshan Qu"),
            Standard("红山区", "Hongshan Qu", "agreed"),
            "right",
            [],
        ),
        (SignTexts("紅山區"), Standard("红山区"), "wrong", ["han-characters"]),
        (SignTexts("红山"), Standard("红山区"), "wrong", ["han-name"]),
        (SignTexts("红山"), Standard("红山区", sure=False), "doubt", ["han-name"]),
        (
            SignTexts("呼和浩特市", "Hohhot City"),
            Standard("呼和浩特市", "Hohhot Shi", "agreed"),
            "wrong",
            ["romanization"],
        ),
        (SignTexts(roman="Hongshan Qu"), Standard("红山区"), "doubt", ["han-missing"]),
        (
            SignTexts("包头", None, "ᠪᠤᠭᠤᠲᠤ"),
            Standard("包头", minority=("ᠪᠤᠭᠤᠲᠤ",)),
            "right",
            [],
        ),
        (
            SignTexts("包头", None, "ᠬᠣᠲᠠ"),
            Standard("包头", minority=("ᠪᠤᠭᠤᠲᠤ",)),
            "doubt",
            ["minority-script"],
        ),
        (SignTexts(), Standard("包头"), "unknown", []),
        (SignTexts("包头"), None, "unknown", []),
    ],
)
def test_texts(texts: SignTexts, standard: Standard | None, state: str, codes: list[str]) -> None:
    found, faults = check_texts(texts, standard)
    assert (found.value, [one.code for one in faults]) == (state, codes)


def test_lists_run_on_an_index(signed: Store) -> None:
    from sqlalchemy import text

    with signed.engine.begin() as connection:
        rows = [
            {
                "sign_id": 1,
                "sign_no": "S1",
                "condition": "damaged",
                "state": "done",
                "due_on": TODAY,
            }
        ] * 3000
        connection.execute(signs.sign_repair.insert(), rows)
        connection.execute(text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN " if signed.embedded else "EXPLAIN "
    statement = (
        "SELECT * FROM sign_repair WHERE state = 'open' AND due_on < '2026-06-01'"
        " ORDER BY due_on, id LIMIT 100"
    )
    with signed.read() as connection:
        plan = "\n".join(str(row[-1]) for row in connection.execute(text(explain + statement)))
    assert "ix_sign_repair_state" in plan
