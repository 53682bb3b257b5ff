"""Events on a store: what they do, all or nothing, and who may."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely
from division_events import (
    ESTABLISH,
    LEAGUE_TO_CITY,
    MERGE,
    RENAME,
    SEAT,
    SPLIT,
    TO_CITY,
    TRANSFER,
    change,
    event,
)
from sqlalchemy import func, select

from data import journal
from data.actors import Actor, Grant, Role
from data.errors import Conflict, FaultsFound, Forbidden
from data.geometry import point_wkb
from data.store import Store
from gazetteer.divisions import applying
from gazetteer.divisions.applying import apply_event, preview_event
from gazetteer.divisions.history import divisions_on, find_code
from gazetteer.divisions.parsing import parse_event
from gazetteer.search import SearchRequest, is_current, search
from gazetteer.tables import division, place, place_name

TODAY = date(2024, 6, 1)
BEFORE, AFTER = date(2024, 2, 29), date(2024, 3, 1)
OPERATOR = Actor.operator("tests")


def apply(store: Store, document: dict[str, Any], actor: Actor = OPERATOR) -> int:
    asked = parse_event(document)
    with store.read() as connection:
        found = preview_event(connection, asked, TODAY)
    return apply_event(store, actor, asked, found.basis, TODAY)


def names_on(store: Store, day: date) -> dict[str, str]:
    with store.read() as connection:
        return {row["code"]: row["name"] for row in divisions_on(connection, day)}


def codes_of_places(store: Store) -> dict[str, str]:
    with store.read() as connection:
        rows = connection.execute(select(place.c.name, place.c.division_code))
        return {row.name: row.division_code for row in rows}


def faults(store: Store, document: dict[str, Any]) -> set[str]:
    with store.read() as connection:
        plan = preview_event(connection, parse_event(document), TODAY).plan
    return {fault.code for fault in plan.faults}


def test_a_renamed_division_is_two_rows_with_one_day_between(filled: Store) -> None:
    apply(filled, RENAME)
    assert names_on(filled, BEFORE)["990101"] == "东旗"
    assert names_on(filled, AFTER)["990101"] == "东敖包旗"
    with filled.read() as connection:
        rows = connection.execute(
            select(division).where(division.c.code == "990101").order_by(division.c.id)
        ).all()
        shapes = [row.geom for row in rows]
    assert [row.valid_to for row in rows] == [AFTER, None]
    assert rows[1].valid_from == AFTER
    assert shapes[0] == shapes[1]
    assert codes_of_places(filled)["白音敖包"] == "990101"


def test_the_place_of_the_division_itself_is_renamed_and_keeps_its_former_name(
    filled: Store,
) -> None:
    with filled.write("tests", "the banner as a place") as transaction:
        identity = transaction.insert(
            place,
            {"name": "东旗", "status": "standard", "division_code": "990101"}
            | {"category_code": "214", "romanization": "Dong Qi", "geom": point_wkb(111.5, 41.5)},
        )
        for text, language in (("东旗", "zh-Hans"), ("Dong Qi", "und-Latn"), ("ᠬᠣᠰᠢᠭᠤ", "mn-Mong")):
            transaction.insert(
                place_name,
                {"place_id": identity, "text": text, "language": language}
                | {"kind": "standard", "status": "standard"},
            )
    apply(filled, RENAME)
    with filled.read() as connection:
        row = connection.execute(select(place).where(place.c.id == identity)).one()
        names = connection.execute(
            select(place_name).where(place_name.c.place_id == identity).order_by(place_name.c.id)
        ).all()
        assert is_current(connection)
    assert (row.name, row.romanization) == ("东敖包旗", "Dong Oboo Qi")
    assert [(n.text, n.kind, n.valid_to) for n in names] == [
        ("东旗", "former", AFTER),
        ("Dong Qi", "former", AFTER),
        ("ᠬᠣᠰᠢᠭᠤ", "standard", None),
        ("东敖包旗", "standard", None),
        ("Dong Oboo Qi", "standard", None),
    ]
    found = search(filled, SearchRequest("东旗")).results
    assert [one.id for one in found if one.feature == "place"] == [identity]


@pytest.mark.parametrize("ended", [{"valid_to": date(2020, 1, 1)}, {"status": "former"}])
@pytest.mark.parametrize("with_living", [True, False])
def test_a_place_that_has_ended_keeps_its_name(
    filled: Store,
    ended: dict[str, Any],
    with_living: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    banner = {"name": "东旗", "status": "standard", "division_code": "990101"}
    banner |= {"category_code": "214", "geom": point_wkb(111.5, 41.5)}
    with filled.write("tests", "the banner as a place, twice") as transaction:
        gone = transaction.insert(place, banner | ended)
        name = {"place_id": gone, "text": "东旗", "language": "zh-Hans", "kind": "standard"}
        transaction.insert(place_name, name | {"status": "standard"})
        living = transaction.insert(place, banner) if with_living else None
    with filled.read() as connection:
        plan = preview_event(connection, parse_event(RENAME), TODAY).plan
    assert bool(plan.own_names) == with_living
    apply(filled, RENAME)
    with filled.read() as connection:
        names = {row.id: row.name for row in connection.execute(select(place.c.id, place.c.name))}
        kinds = select(place_name.c.kind).where(place_name.c.place_id == gone)
        assert connection.scalars(kinds).all() == ["standard"]
    assert names[gone] == "东旗"
    assert living is None or names[living] == "东敖包旗"


def test_a_new_code_takes_the_names_with_it(filled: Store) -> None:
    apply(filled, TO_CITY)
    assert codes_of_places(filled)["巴彦淖尔"] == "990181"
    with filled.read() as connection:
        old, new = find_code(connection, "990102"), find_code(connection, "990181")
    assert list(old.successors) == [("990181", "西市")]
    assert list(new.predecessors) == [("990102", "西旗")]
    assert old.on(BEFORE) is not None
    assert old.on(AFTER) is None
    assert [(link.kind, link.effective_on) for link in old.after] == [("replaced", AFTER)]


def test_a_merger_joins_outlines_and_names(filled: Store) -> None:
    apply(filled, MERGE)
    assert "990101" not in names_on(filled, AFTER)
    assert codes_of_places(filled)["白音敖包"] == "990102"
    with filled.read() as connection:
        geom = connection.scalar(
            select(division.c.geom).where(
                division.c.code == "990102", division.c.valid_to.is_(None)
            )
        )
        assert list(find_code(connection, "990101").successors) == [("990102", "西旗")]
    assert shapely.from_wkb(geom).area == pytest.approx(2.0)


def test_units_below_follow_by_their_endings_and_every_one_is_shown(filled: Store) -> None:
    with filled.read() as connection:
        plan = preview_event(connection, parse_event(LEAGUE_TO_CITY), TODAY).plan
    assert {(line.change.old_code, line.new.code) for line in plan.lines if line.new} == {
        ("990100", "990300"),
        ("990101", "990301"),
        ("990102", "990302"),
    }
    assert [line.follows for line in plan.lines] == [False, True, True]
    apply(filled, LEAGUE_TO_CITY)
    assert codes_of_places(filled)["白音敖包"] == "990301"
    with filled.read() as connection:
        parents = {row["code"]: row["parent_code"] for row in divisions_on(connection, AFTER)}
    assert parents["990301"] == parents["990302"] == "990300"


def test_nothing_below_is_renumbered_in_silence(filled: Store) -> None:
    assert faults(filled, LEAGUE_TO_CITY | {"below": "named"}) == {"children-unnamed"}
    apply(filled, LEAGUE_TO_CITY | {"below": "keep-codes"})
    assert codes_of_places(filled)["白音敖包"] == "990101"
    with filled.read() as connection:
        parents = {row["code"]: row["parent_code"] for row in divisions_on(connection, AFTER)}
    assert parents["990101"] == "990300"


def test_a_transfer_changes_parent_and_code(filled: Store) -> None:
    apply(filled, TRANSFER)
    assert "990223" in names_on(filled, AFTER)
    with filled.read() as connection:
        (state,) = find_code(connection, "990223").states
    assert state["parent_code"] == "990200"


def test_a_split_parts_names_by_outline_and_keeps_the_rest(filled: Store) -> None:
    with filled.write("tests", "a second name") as transaction:
        transaction.insert(
            place,
            {"name": "东南村", "status": "standard", "division_code": "990201"}
            | {"geom": point_wkb(111.9, 40.5)},
        )
    apply(filled, SPLIT)
    places = codes_of_places(filled)
    assert (places["乌兰浩特"], places["东南村"]) == ("990203", "990201")
    with filled.read() as connection:
        shapes = {
            row.code: shapely.from_wkb(row.geom)
            for row in connection.execute(
                select(division.c.code, division.c.geom).where(
                    division.c.code.in_(["990201", "990203"]), division.c.valid_to.is_(None)
                )
            )
        }
    assert shapes["990203"].area == pytest.approx(0.6)
    assert shapes["990201"].area == pytest.approx(0.4)


def test_a_position_that_no_number_holds_is_no_outline() -> None:
    far = [[[10**400, 40], [111.6, 40], [111.6, 41], [10**400, 40]]]
    outline = {"type": "Polygon", "coordinates": far}
    with pytest.raises(FaultsFound) as refused:
        parse_event(event("renamed", change("990101", "990101", name="新旗", outline=outline)))
    assert [fault.column for fault in refused.value.faults] == ["outline"]


@pytest.mark.parametrize(
    ("ring", "far"),
    [
        ([[40, 111], [40, 111.6], [41, 111.6], [40, 111]], (40.0, 111.0)),
        ([[111, 40], [500111, 40], [111, 41], [111, 40]], (500111.0, 40.0)),
    ],
)
def test_an_outline_beyond_the_earth_is_refused_with_its_position(
    ring: list[list[float]], far: tuple[float, float]
) -> None:
    outline = {"type": "Polygon", "coordinates": [ring]}
    with pytest.raises(FaultsFound) as refused:
        parse_event(event("renamed", change("990101", "990101", name="新旗", outline=outline)))
    (fault,) = refused.value.faults
    assert (fault.row, fault.column, fault.value) == (1, "outline", str(list(far)))
    assert all(f"{far[0]}, {far[1]}" in sentence for sentence in (fault.zh, fault.en))


def test_a_split_looks_at_each_name_a_fixed_number_of_times(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Looked(list[int]):
        times = 0

        def __iter__(self) -> Iterator[int]:
            Looked.times += 1
            return super().__iter__()

    with filled.write("tests", "more names") as transaction:
        transaction.insert_many(
            place,
            (
                {"name": f"村{number}", "status": "standard", "division_code": "990201"}
                | {"geom": point_wkb(111.2 + number / 100, 40.5)}
                for number in range(60)
            ),
        )
    inside = applying._inside
    monkeypatch.setattr(applying, "_inside", lambda *asked: Looked(inside(*asked)))
    apply(filled, SPLIT)
    assert set(codes_of_places(filled).values()) >= {"990201", "990203"}
    assert 0 < Looked.times < 10


def test_a_new_division_and_a_moved_seat(filled: Store) -> None:
    apply(filled, ESTABLISH)
    apply(filled, SEAT)
    assert names_on(filled, AFTER)["990204"] == "新县"
    assert "990204" not in names_on(filled, BEFORE)
    with filled.read() as connection:
        states = find_code(connection, "990101").states
    assert [state["seat"] for state in states] == [None, "白音敖包"]


def test_names_of_finer_units_move_with_the_code_around_them(filled: Store) -> None:
    with filled.write("tests", "a village") as transaction:
        transaction.insert(
            place, {"name": "嘎查", "status": "standard", "division_code": "990102001"}
        )
    assert faults(filled, TO_CITY) == {"names-unplaced"}
    apply(filled, TO_CITY | {"below": "same-ending"})
    assert codes_of_places(filled)["嘎查"] == "990181001"


REFUSED = [
    (
        "an unknown division",
        event("renamed", change("990199", "990199", name="无")),
        "division-unknown",
    ),
    ("a code in use", event("recoded", change("990101", "990102")), "code-in-use"),
    ("an event of tomorrow", RENAME | {"effective_on": "2024-06-02"}, "event-in-future"),
    (
        "before the one it follows",
        RENAME | {"effective_on": "1980-01-01", "approved_on": None},
        "event-too-early",
    ),
    ("approved after it took effect", RENAME | {"approved_on": "2024-03-02"}, "approved-too-late"),
    ("no document", RENAME | {"document": ""}, "decision-missing"),
    ("no authority", RENAME | {"authority": None}, "decision-missing"),
    (
        "no parent",
        event("transferred", change("990101", "990101", parent_code="990900")),
        "parent-unknown",
    ),
    (
        "a parent that is not above",
        event("transferred", change("990101", "990101", parent_code="990102")),
        "parent-level",
    ),
    (
        "a loop",
        event(
            "transferred",
            change("990100", "990100", parent_code="990101"),
            change("990101", "990101", parent_code="990100"),
        ),
        "division-loop",
    ),
    ("another kind than said", RENAME | {"kind": "merged"}, "kind-mismatch"),
    ("nothing", event("renamed", change("990101", "990101")), "nothing-changes"),
    ("a line twice", event("renamed", *RENAME["changes"] * 2), "line-repeated"),
    ("names without a home", event("abolished", change("990101", None)), "names-unplaced"),
    ("a code of nine digits", event("recoded", change("990101", "990101001")), "code-form"),
    ("no name", event("established", change(None, "990204", level="county")), "name-missing"),
    ("no level", event("established", change(None, "990204", name="新县")), "level-unknown"),
]


@pytest.mark.parametrize(
    ("document", "code"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_is_refused_and_nothing_is_written(
    filled: Store, document: dict[str, Any], code: str
) -> None:
    with filled.read() as connection:
        before = journal.read_head(connection)
    with pytest.raises(FaultsFound) as refused:
        apply(filled, document)
    assert code in {fault.code for fault in refused.value.faults}
    assert all(fault.zh and fault.en for fault in refused.value.faults)
    with filled.read() as connection:
        assert journal.read_head(connection) == before


@pytest.mark.parametrize("field", ["old", "code", "parent_code"])
def test_a_code_has_the_digits_that_the_register_has(field: str) -> None:
    line = change("990101", "990104", parent_code="990100")
    (line if field == "old" else line["new"])[field] = "９９０１０４"
    with pytest.raises(FaultsFound) as refused:
        parse_event(event("recoded", line))
    assert field in {fault.column for fault in refused.value.faults}


def test_a_code_is_never_given_again(filled: Store) -> None:
    apply(filled, TO_CITY)
    again = event("recoded", change("990101", "990102"), effective_on="2024-05-01")
    assert faults(filled, again) == {"code-was-used"}


def test_two_divisions_cannot_exchange_their_codes(filled: Store) -> None:
    swap = event("recoded", change("990101", "990102"), change("990102", "990101"))
    assert "code-was-used" in faults(filled, swap)


def test_a_division_that_ended_is_refused_with_its_successor(filled: Store) -> None:
    apply(filled, TO_CITY)
    late = event("renamed", change("990102", "990102", name="新西旗"), effective_on="2024-05-01")
    with pytest.raises(FaultsFound) as refused:
        apply(filled, late)
    (fault,) = (f for f in refused.value.faults if f.code == "division-ended")
    assert "990181" in fault.en
    assert "2024-03-01" in fault.zh


def test_the_second_of_two_people_is_told_of_the_first(filled: Store) -> None:
    asked = parse_event(RENAME)
    with filled.read() as connection:
        first = preview_event(connection, asked, TODAY)
        second = preview_event(connection, asked, TODAY)
    identity = apply_event(filled, OPERATOR, asked, first.basis, TODAY)
    with pytest.raises(Conflict, match=f"as event {identity}"):
        apply_event(filled, OPERATOR, asked, second.basis, TODAY)


def test_a_preview_that_is_out_of_date_is_refused(filled: Store) -> None:
    asked = parse_event(TO_CITY)
    with filled.read() as connection:
        seen = preview_event(connection, asked, TODAY)
    with filled.write("tests", "another name") as transaction:
        transaction.insert(place, {"name": "新村", "status": "standard", "division_code": "990102"})
    with pytest.raises(Conflict, match="preview"):
        apply_event(filled, OPERATOR, asked, seen.basis, TODAY)
    assert "990181" not in names_on(filled, AFTER)


@pytest.mark.parametrize(
    ("grant", "may"),
    [
        (Grant(Role.APPROVER, "990100"), True),
        (Grant(Role.APPROVER, "990200"), False),
        (Grant(Role.EDITOR), False),
    ],
)
def test_an_approver_of_the_division_applies_it(filled: Store, grant: Grant, *, may: bool) -> None:
    actor = Actor("a", frozenset({grant}))
    if may:
        assert apply(filled, RENAME, actor)
        return
    with pytest.raises(Forbidden, match="change of divisions"):
        apply(filled, RENAME, actor)


def test_a_name_on_the_protection_list_needs_measures(filled: Store) -> None:
    with filled.write("tests", "a listed name") as transaction:
        transaction.insert(
            place,
            {"name": "东旗", "status": "standard", "division_code": "990101", "heritage": True}
            | {"category_code": "21400"},
        )
    assert faults(filled, RENAME) == {"heritage-name"}
    assert faults(filled, RENAME | {"measures": "保护措施方案"}) == set()


def test_the_authority_of_order_704_is_compared(filled: Store) -> None:
    with filled.read() as connection:
        wrong = preview_event(
            connection, parse_event(RENAME | {"authority": "某旗人民政府"}), TODAY
        ).plan
        seat = preview_event(connection, parse_event(SEAT), TODAY).plan
    assert [n.code for n in wrong.notes] == ["authority-differs"]
    assert "Order 704, Art 7(2)" in wrong.notes[0].en
    assert wrong.notes[0].zh.startswith("《行政区划管理条例》第七条第二项：")
    assert [n.code for n in seat.notes] == ["also-filed"]


def test_the_journal_proves_the_whole(filled: Store) -> None:
    apply(filled, LEAGUE_TO_CITY)
    with filled.read() as connection:
        head = journal.verify(connection)
        count = connection.scalar(
            select(func.count())
            .select_from(journal.journal)
            .where(journal.journal.c.reason.like("division event%"))
        )
    assert head.sequence > 0
    assert count == 3 + 3 + 1 + 3 + 2  # rows ended, begun, the event, its lines, two places
