"""Joint inspections on both stores: planned, seen by both sides, reconciled, signed, filed."""

import csv
import io
import sqlite3
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pyogrio
import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient
from icalendar import Calendar
from pictures import jpeg
from region import MARKERS
from sqlalchemy import select
from visits import LON_OF_TWO_METRES, as_csv, rows

from boundary import commit, receive, rounds
from boundary.errors import NotLawful, WrongState
from boundary.markers import Claim, add_photo
from boundary.rounds import keeping
from boundary.rounds.due import due_days, next_due
from boundary.rounds.reading import due_of_line
from boundary.rounds.route import plan_route
from boundary.tables import inspection, line, marker
from data.actors import Actor, Grant, Role
from data.coordinates import GRS80, earth_centred_m
from data.errors import Conflict, Forbidden, InvalidValue, NotFound
from data.store import Store

TODAY = date(2026, 11, 23)
EDITOR = Actor("编辑", frozenset({Grant(Role.EDITOR, "990102")}))
A, B = "990101", "990102"


def plan(store: Store, **values: Any) -> int:
    teams = [{"party": A, "leader": "甲队长"}, {"party": B, "leader": "乙队长", "members": "某某"}]
    return rounds.plan_round(store, EDITOR, [1], values, teams)


def send(store: Store, table: list[list[str]], name: str) -> int:
    identity = receive(store, as_csv(table), name, "巡查")
    commit(store, identity, "审核", TODAY)
    return identity


def page(store: Store, identity: int = 1) -> dict[str, Any]:
    with store.read() as connection:
        return rounds.round_page(connection, identity)


def both(store: Store) -> int:
    """A round with both sides' files; they differ on the second marker."""
    key = plan(store, number=5)
    first = send(store, rows(), "a.csv")
    other = [[*row[:5], "2026-05-10", *row[6:]] for row in rows(LON_OF_TWO_METRES)]
    second = send(store, other, "b.csv")
    assert rounds.attach_file(store, EDITOR, key, first, A) == {"taken": 5, "elsewhere": 0}
    rounds.attach_file(store, EDITOR, key, second, B)
    return key


def decide(store: Store, key: int) -> None:
    values = {"condition": "完好", "verdict": "displaced", "note": "共同复测", "decided_on": TODAY}
    rounds.decide(store, EDITOR, key, 2, values | {"agreed_by": ("甲某", "乙某")})


def test_a_round_has_teams_a_route_and_progress(filled: Store) -> None:
    key = plan(filled, name="东西线第五轮", due_on=TODAY)
    found = page(filled, key)
    assert (found["round"]["state"], found["round"]["kind"]) == ("planned", "regular")
    assert [one["leader"] for one in found["teams"]] == ["甲队长", "乙队长"]
    assert sorted(one["marker_no"] for one in found["route"]) == sorted(m[0] for m in MARKERS)
    assert found["round"]["route_bound_m"] <= found["round"]["route_m"]
    assert found["progress"] == {
        "markers": 5, "agree": 0, "conflict": 0, "decided": 0, "one_sided": 0, "missing": 5,
        f"seen_by_{A}": 0, f"seen_by_{B}": 0,
    }  # fmt: skip


def test_nobody_who_writes_waits_for_a_tour(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    write, route = Store.write, keeping.plan_route

    def written(store: Store, actor: str, reason: str) -> Any:
        done.append("write")
        return write(store, actor, reason)

    def routed(*args: Any) -> Any:
        done.append("route")
        return route(*args)

    monkeypatch.setattr(Store, "write", written)
    monkeypatch.setattr(keeping, "plan_route", routed)
    plan(filled)
    assert done == ["route", "write"]


def test_a_blank_or_a_name_twice_is_nobodys_agreement(filled: Store) -> None:
    key = both(filled)
    values = {"condition": "完好", "note": "", "decided_on": TODAY}
    for agreed in (("甲某", " "), ("甲某", "甲某")):
        with pytest.raises(NotLawful, match="2 parties"):
            rounds.decide(filled, EDITOR, key, 2, values | {"agreed_by": agreed})


def test_observations_of_both_sides_are_kept_apart_and_compared(filled: Store) -> None:
    key = both(filled)
    found = page(filled, key)
    assert found["round"]["state"] == "field"
    assert [one["state"] for one in found["observations"]] == [
        "agree", "conflict", "agree", "agree", "agree",
    ]  # fmt: skip
    second = found["observations"][1]
    assert {side: row["verdict"] for side, row in second["sides"].items()} == {
        A: "in_place",
        B: "displaced",
    }
    with filled.read() as connection:
        shown = connection.execute(select(marker).where(marker.c.id == 2)).one()
    assert (shown.status, shown.status_open) == ("conflicting", True)


def test_nothing_is_recorded_for_a_day_after_today(filled: Store) -> None:
    later = datetime.now(UTC).date() + timedelta(days=2)
    with pytest.raises(InvalidValue, match=r"completed_on.*not after today"):
        rounds.record_past_round(filled, EDITOR, [1], 3, later)
    key = both(filled)
    values = {"condition": "完好", "agreed_by": ("甲某", "乙某"), "decided_on": later}
    with pytest.raises(InvalidValue, match=r"decided_on.*not after today"):
        rounds.decide(filled, EDITOR, key, 2, values)
    decide(filled, key)
    with pytest.raises(InvalidValue, match=r"signed_on.*not after today"):
        rounds.sign(filled, EDITOR, key, A, "甲某", "", later)
    for party in (A, B):
        rounds.sign(filled, EDITOR, key, party, "某某", "", TODAY)
    with pytest.raises(InvalidValue, match=r"filed_on.*not after today"):
        rounds.file_round(filled, EDITOR, key, "自治区人民政府", None, later)


def test_contradictions_are_decided_by_both_before_anybody_signs(filled: Store) -> None:
    key = both(filled)
    with pytest.raises(NotLawful, match="9901002Q"):
        rounds.sign(filled, EDITOR, key, A, "甲某", "", TODAY)
    lacking = {"condition": "完好", "note": "x", "agreed_by": ("甲某",)}
    with pytest.raises(NotLawful, match="who agreed"):
        rounds.decide(filled, EDITOR, key, 2, lacking)
    decide(filled, key)
    with filled.read() as connection:
        shown = connection.execute(select(marker).where(marker.c.id == 2)).one()
    assert (shown.status, shown.status_open) == ("displaced", False)
    assert rounds.sign(filled, EDITOR, key, A, "甲某", "局长", TODAY) == "field"
    with pytest.raises(Conflict):
        rounds.sign(filled, EDITOR, key, A, "甲某", "", TODAY)
    with pytest.raises(NotLawful, match="signature"):
        rounds.file_round(filled, EDITOR, key, "自治区人民政府", None, TODAY)
    assert rounds.sign(filled, EDITOR, key, B, "乙某", "", TODAY) == "signed"
    with pytest.raises(NotLawful, match="approved the line"):
        rounds.file_round(filled, EDITOR, key, None, None, TODAY)
    rounds.file_round(filled, EDITOR, key, "自治区人民政府", "备1号", TODAY)
    done = page(filled, key)["round"]
    assert (done["state"], done["filed_with"], done["completed_on"]) == (
        "filed", "自治区人民政府", TODAY,
    )  # fmt: skip
    with filled.read() as connection:
        assert due_of_line(connection, 1, None) == date(2031, 11, 23)
    with pytest.raises(WrongState):
        rounds.cancel_round(filled, EDITOR, key, "x")


def test_one_file_is_one_sides_observations(filled: Store) -> None:
    key = plan(filled)
    file = send(filled, rows(), "a.csv")
    rounds.attach_file(filled, EDITOR, key, file, A)
    assert rounds.attach_file(filled, EDITOR, key, file, A)["taken"] == 5
    with pytest.raises(Conflict, match="observes by itself"):
        rounds.attach_file(filled, EDITOR, key, file, B)
    with pytest.raises(InvalidValue, match="side"):
        rounds.attach_file(filled, EDITOR, key, file, "980101")
    with pytest.raises(NotFound):
        rounds.attach_file(filled, EDITOR, key, 99, A)
    raw = receive(filled, as_csv(rows(LON_OF_TWO_METRES)), "raw.csv", "巡查")
    with pytest.raises(WrongState, match="commit it first"):
        rounds.attach_file(filled, EDITOR, key, raw, A)
    with filled.read() as connection:
        sides = set(connection.scalars(select(inspection.c.side)))
    assert sides == {A}


def test_a_line_is_in_one_unfinished_regular_round(filled: Store) -> None:
    key = plan(filled)
    with pytest.raises(Conflict, match="round 1"):
        plan(filled)
    assert plan(filled, kind="special", event="洪水冲毁河岸") == 2
    rounds.cancel_round(filled, EDITOR, key, "推迟")
    assert plan(filled) == 3


def test_plans_that_make_no_sense_are_refused(filled: Store) -> None:
    with pytest.raises(InvalidValue, match="event"):
        plan(filled, kind="special")
    with pytest.raises(InvalidValue, match="kind"):
        plan(filled, kind="weekly")
    for lines in ([], [1, 1]):
        with pytest.raises(InvalidValue, match="lines"):
            rounds.plan_round(filled, EDITOR, lines, {})
    with pytest.raises(NotFound):
        rounds.plan_round(filled, EDITOR, [9], {})
    with pytest.raises(Forbidden):
        rounds.plan_round(filled, Actor("x", frozenset({Grant(Role.EDITOR, "990201")})), [1], {})


@pytest.mark.parametrize(
    ("last", "days"),
    [
        (None, []),
        (date(2024, 5, 3), [date(2029, 5, 3), date(2034, 5, 3)]),
        (date(2019, 5, 3), [date(2024, 5, 3), date(2031, 11, 23)]),
        (date(2024, 2, 29), [date(2029, 2, 28), date(2034, 2, 28)]),
    ],
)
def test_days_on_which_a_line_is_due(last: date | None, days: list[date]) -> None:
    assert due_days(last, TODAY, 10) == days
    assert next_due(last) == (days[0] if days else None)


def test_the_calendar_as_table_ics_and_picture(filled: Store) -> None:
    with filled.write("t", "more lines") as transaction:
        transaction.insert_many(
            line,
            [
                {"name": "=线", "code": "9902", "level": "county", "approved_on": date(2019, 5, 3)},
                {"name": "新线", "code": "9903", "level": "province"},
            ],
        )
    rounds.record_past_round(filled, Actor.operator("op"), [1], 4, date(2024, 9, 1))
    with filled.read() as connection:
        found = rounds.calendar(connection, TODAY)
    assert [(one.code, one.overdue, len(one.due)) for one in found] == [
        ("9902", True, 2),
        ("9901", False, 2),
        ("9903", False, 0),
    ]
    table = list(csv.reader(io.StringIO(rounds.calendar_csv(found).decode("utf-8-sig"))))
    assert [row[7] for row in table[1:5]] == [
        "2024-05-03", "2029-09-01", "2031-11-23", "2034-09-01",
    ]  # fmt: skip
    assert table[1][1] == "'=线"
    assert table[5][7].startswith("不详")
    events = [
        one
        for one in Calendar.from_ical(rounds.calendar_ics(found, datetime.now(UTC))).walk()
        if one.name == "VEVENT"
    ]
    assert len({str(one["uid"]) for one in events}) == len(events) == 4
    assert events[1].decoded("dtstart") == date(2031, 11, 23)
    book = openpyxl.load_workbook(io.BytesIO(rounds.calendar_xlsx(found)))
    assert book.active.max_row == 6
    assert rounds.calendar_png(found, TODAY, 10).startswith(b"\x89PNG")


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7])
def test_a_tour_lies_between_the_bound_and_the_best(count: int) -> None:
    chance = np.random.default_rng(count)
    points = [(110 + x, 40 + y) for x, y in chance.random((count, 2))]
    route = plan_route(points, GRS80)
    xyz = earth_centred_m(*np.array(points).T, GRS80)
    best = min(
        sum(float(np.linalg.norm(xyz[a] - xyz[b])) for a, b in pairwise(order))
        for order in permutations(range(count))
    )
    assert sorted(route.order) == list(range(count))
    assert route.bound_m - 0.01 <= best <= route.length_m + 0.01
    assert route.length_m <= best * 1.02 + 0.01


def test_a_tour_along_a_line_is_nearly_the_shortest() -> None:
    chance = np.random.default_rng(1)
    points = [(110 + 0.02 * k, 42 + 0.03 * chance.random()) for k in range(60)]
    mixed = [points[k] for k in chance.permutation(60)]
    route = plan_route(mixed, GRS80)
    assert route.length_m <= 1.06 * route.bound_m
    assert mixed[route.order[0]][0] < mixed[route.order[-1]][0]
    assert plan_route([], GRS80).order == ()
    assert plan_route([(110.0, 40.0)] * 4, GRS80).length_m == 0.0


def test_the_field_package_opens_with_forms(filled: Store, tmp_path: Path) -> None:
    key = plan(filled)
    found = page(filled, key)
    with filled.read() as connection:
        shapes = [(one["name"], one["geom"]) for one in rounds.lines_of(connection, key)]
    content = rounds.field_package("东西<线>", found["route"], shapes, {A: "东旗"}, 4490)
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.namelist() == ["round.gpkg", "round.qgs", "route.gpx"]
        bundle.extractall(tmp_path)
    package = tmp_path / "round.gpkg"
    layers = {str(name) for name, _ in pyogrio.list_layers(package)}
    assert {"markers", "lines", "observations"} <= layers
    assert len(pyogrio.read_dataframe(package, layer="markers")) == 5
    with sqlite3.connect(package) as database:
        (check,) = database.execute("PRAGMA integrity_check").fetchone()
        (qml,) = database.execute("SELECT styleQML FROM layer_styles").fetchone()
    database.close()
    assert check == "ok"
    style = ElementTree.fromstring(qml.split(">", 1)[1])
    widgets = {
        one.get("name"): one.find("editWidget").get("type")  # type: ignore[union-attr]
        for one in style.findall(".//fieldConfiguration/field")
    }
    assert (widgets["condition"], widgets["observed_at"]) == ("ValueMap", "DateTime")
    project = ElementTree.fromstring((tmp_path / "round.qgs").read_text("utf-8").split(">", 1)[1])
    assert project.get("projectname") == "东西<线>"
    assert len(project.findall(".//maplayer")) == 3
    words = {one.get("value") for one in style.findall(".//Option[@name]") if one.get("value")}
    assert {"完好", "未找到", A} <= words


def test_observations_of_the_field_package_are_an_inspection_file(
    filled: Store, tmp_path: Path
) -> None:
    import geopandas
    import shapely

    with zipfile.ZipFile(
        io.BytesIO(rounds.field_package("线", page(filled, plan(filled))["route"], [], {}, 4490))
    ) as bundle:
        bundle.extract("round.gpkg", tmp_path)
    filled_in = geopandas.GeoDataFrame(
        {"marker_no": ["9901001Q"], "observed_at": ["2026-05-03"], "condition": ["完好"],
         "method": ["网络RTK"], "surveyor": ["甲"], "side": [A]},
        geometry=[shapely.Point(112.0, 41.2)], crs="EPSG:4490",
    )  # fmt: skip
    target = tmp_path / "back.gpkg"
    filled_in.to_file(target, layer="observations", engine="pyogrio")
    identity = receive(filled, target.read_bytes(), "back.gpkg", "甲")
    report = commit(filled, identity, "审核", TODAY)
    assert [one["marker_no"] for one in report["results"]] == ["9901001Q"]


def test_a_tour_as_gpx(filled: Store) -> None:
    route = page(filled, plan(filled))["route"]
    tree = ElementTree.fromstring(rounds.route_gpx("东 & 西", route))
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    names = [one.text for one in tree.findall("g:rte/g:rtept/g:name", space)]
    assert names == [one["marker_no"] for one in route]
    assert tree.findtext("g:metadata/g:name", "", space) == "东 & 西"


def test_the_report_has_text_tables_map_plot_photographs_and_signatures(filled: Store) -> None:
    key = both(filled)
    decide(filled, key)
    operator = Actor.operator("op")
    add_photo(filled, operator, 2, jpeg(), Claim("a.jpg", date(2026, 5, 3), "东面"))
    rounds.sign(filled, EDITOR, key, A, "甲某", "局长", TODAY)
    with filled.read() as connection:
        papers = rounds.read_papers(connection, key)
    made = docx.Document(io.BytesIO(rounds.report_docx(papers, datetime.now(UTC))))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(one.text for one in made.paragraphs), *cells])
    for text in ("第 5 轮", "东旗（990101）", "9901002Q", "已核定", "共同复测", "甲某、乙某",
                 "2026-05-10 完好 移位 2.00 m", "修复任务", "甲队长", "东面"):  # fmt: skip
        assert text in said, text
    assert len(made.inline_shapes) == 3
    book = openpyxl.load_workbook(io.BytesIO(rounds.records_xlsx(papers)))
    assert book.sheetnames == ["检查记录", "核定", "修复任务", "签字"]
    assert book["检查记录"].max_row == 6


def test_rounds_over_http(client: FlaskClient, filled: Store) -> None:
    made = client.post("/rounds", json={"lines": [1], "teams": [{"party": A}]})
    assert made.status_code == 201
    address = made.headers["Location"]
    file = send(filled, rows(), "a.csv")
    taken = client.post(f"{address}/files", json={"submission": file, "side": A})
    assert taken.get_json() == {"taken": 5, "elsewhere": 0}
    shown = client.get(address).get_json()
    assert shown["progress"]["one_sided"] == 5
    for link in shown["links"]:
        assert client.get(link["href"]).status_code == 200, link
    assert "9901001Q" in client.get(f"{address}?f=html").get_data(as_text=True)
    for party in (A, B):
        signed = client.post(f"{address}/signatures", json={"party": party, "name": "某"})
    assert signed.get_json()["state"] == "signed"
    filed = client.post(f"{address}/filing", json={"filed_with": "自治区人民政府"})
    assert filed.status_code == 200
    listed = client.get("/rounds/calendar").get_json()
    assert listed["lines"][0]["last_on"] is not None
    for link in listed["links"]:
        assert client.get(link["href"]).status_code == 200
    assert client.post("/rounds", json={"lines": "1"}).get_json()["field"] == "lines"
    assert client.get("/rounds/99").status_code == 404
    past = client.post("/rounds/past", json={"lines": [1], "completed_on": "2019-05-03"})
    assert past.status_code == 201
