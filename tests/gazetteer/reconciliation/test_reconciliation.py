"""Names of tables against the register: candidates, scores, reasons."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.errors import InvalidValue
from data.geometry import point_wkb
from data.store import Store
from gazetteer.reconciliation import NameQuery, limit_of, name_of, reconcile
from gazetteer.search import rebuild
from gazetteer.tables import division, place, place_name

DIVISIONS = [
    ("150000", "内蒙古自治区", "region", None),
    ("150400", "赤峰市", "prefecture", "150000"),
    ("150423", "巴林右旗", "county", "150400"),
    ("150423100", "大板镇", "township", "150423"),
    ("150423105", "巴彦琥硕镇", "township", "150423"),
    ("152500", "锡林郭勒盟", "prefecture", "150000"),
    ("152525", "东乌珠穆沁旗", "county", "152500"),
]
PLACES = [
    ("新建", "150423100", 118.60, 43.50),
    ("新建", "152525", 117.00, 45.50),
    ("巴彦胡硕", "150423105", 118.70, 43.60),
    ("白音敖包", "152525", 117.10, 45.60),
    ("乌兰哈达", "150423", 118.90, 43.90),
]


@pytest.fixture
def register(store: Store) -> Store:
    with store.write("tester", "a register") as transaction:
        names = ("code", "name", "level", "parent_code")
        transaction.insert_many(division, (dict(zip(names, row, strict=True)) for row in DIVISIONS))
        transaction.insert_many(
            place,
            (
                {
                    "name": name,
                    "division_code": code,
                    "status": "standard",
                    "category_code": "22200",
                    "geom": point_wkb(lon, lat),
                }
                for name, code, lon, lat in PLACES
            ),
        )
        rebuild(transaction)
    return store


def test_an_exact_name_returns_that_place(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("乌兰哈达")])
    best = matched.best
    assert best is not None
    assert (best.result.name, best.score, best.match) == ("乌兰哈达", 100.0, True)
    assert best.reason("zh")
    assert best.reason("en")


def test_a_division_that_is_found_as_a_place_is_returned_by_its_own_identity(
    register: Store,
) -> None:
    with register.write("tester", "a division among the places") as transaction:
        code = {"code": "990100", "name": "双生旗", "level": "county"}
        identity = transaction.insert(division, code)
        twin = {"name": "双生旗", "category_code": "214", "division_code": "990100"}
        number = transaction.insert(place, twin | {"status": "standard"})
        named = {"place_id": number, "text": "双生旗", "kind": "standard", "language": "zh-Hans"}
        transaction.insert(place_name, named)
        rebuild(transaction)
    by_name, by_identity = reconcile(
        register, [NameQuery("双生旗"), NameQuery(f"divisions/{identity}")]
    )
    assert [one.id for one in by_name.candidates][:1] == [f"places/{number}"]
    assert [one.id for one in by_identity.candidates] == [f"divisions/{identity}"]
    assert by_identity.candidates[0].match


def test_namesakes_are_not_taken_without_looking(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("新建")])
    assert [c.result.division_code for c in matched.candidates] == ["150423100", "152525"]
    assert matched.best is None


@pytest.mark.parametrize(
    "query",
    [
        NameQuery("新建", divisions=("锡林郭勒盟",)),
        NameQuery("新建", divisions=("152500",)),
        NameQuery("新建", divisions=("东乌珠穆沁旗",)),
        NameQuery("新建", lon=117.01, lat=45.51),
    ],
)
def test_division_or_position_tells_namesakes_apart(register: Store, query: NameQuery) -> None:
    (matched,) = reconcile(register, [query])
    best = matched.best
    assert best is not None
    assert best.result.division_code == "152525"
    assert {feature.id for feature in best.features} > {"name"}


def test_what_lies_near_is_found_by_a_similar_name(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("巴彦鄂博", lon=117.1, lat=45.6)])
    assert matched.candidates[0].result.name == "白音敖包"
    assert matched.candidates[0].result.distance_m == pytest.approx(0, abs=1)


def test_a_name_without_its_generic_term_scores_high(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("大板")])
    assert matched.candidates[0].result.name == "大板镇"
    assert matched.candidates[0].score > 90


def test_scores_fall_and_are_of_a_hundred(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("巴彦", limit=10)])
    scores = [candidate.score for candidate in matched.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert len(scores) >= 2


def test_a_type_narrows_the_candidates(register: Store) -> None:
    every, only, none = reconcile(
        register,
        [
            NameQuery("巴林右旗"),
            NameQuery("巴林右旗", types=("division",)),
            NameQuery("巴林右旗", types=("12",)),
        ],
    )
    assert every.best is not None
    assert only.best is not None
    assert none.candidates == ()


def test_an_identity_as_query_returns_it(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("places/2")])
    assert [(c.id, c.score, c.match) for c in matched.candidates] == [("places/2", 100.0, True)]


def test_a_division_that_the_register_lacks_is_left_unheeded_and_said(register: Store) -> None:
    (matched,) = reconcile(register, [NameQuery("乌兰哈达", divisions=("火星",))])
    assert matched.best is not None
    assert "火星" in matched.notes_zh[0]


def test_a_batch_keeps_its_order_and_answers_repeated_rows_alike(register: Store) -> None:
    queries = [NameQuery("大板镇"), NameQuery("火星"), NameQuery("大板镇"), NameQuery("！")]
    found = reconcile(register, queries)
    assert [len(matched.candidates) for matched in found] == [1, 0, 1, 0]
    assert found[0] == found[2]
    assert found[3].notes_en


@pytest.mark.parametrize(
    ("read", "value", "field"),
    [
        (name_of, None, "name"),
        (name_of, "x" * 300, "name"),
        (limit_of, "many", "limit"),
        (limit_of, 0, "limit"),
    ],
)
def test_values_that_are_none_are_refused(
    read: Callable[[object], object], value: object, field: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(value)
    assert refusal.value.field == field
    assert refusal.value.zh


def townships(path: Path, size: int) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] == "4":
                yield row["code"][:size], row["name"]


@pytest.mark.shared
def test_two_registers_of_townships_meet_by_county_and_name_never_by_code(
    store: Store, shared: Path
) -> None:
    folder = shared / "data" / "divisions"
    ministry = list(townships(folder / "im_divisions_mca2026.csv", 9))
    bureau = list(townships(folder / "im_divisions_nbs2023.csv", 9))
    with (folder / "im_divisions_nbs2023.csv").open(encoding="utf-8") as file:
        counties = [r for r in csv.DictReader(file) if r["level"] == "3"]
    with store.write("tester", "the Bureau's townships") as transaction:
        rows = [{"code": r["code"], "name": r["name"], "level": "county"} for r in counties]
        rows += [
            {"code": code, "name": name, "level": "township", "parent_code": code[:6]}
            for code, name in bureau
        ]
        transaction.insert_many(division, rows)
        rebuild(transaction)
    queries = [
        NameQuery(name, types=("division",), divisions=(code[:6],)) for code, name in ministry
    ]
    found = [matched.best for matched in reconcile(store, queries)]
    taken = [
        (code, name, best.result)
        for (code, name), best in zip(ministry, found, strict=True)
        if best is not None and best.result.name == name
    ]
    assert len(ministry) == 1033
    assert len(taken) == 1005
    assert all(code[:6] == (result.division_code or "")[:6] for code, _, result in taken)
    # The codes look alike and are not: matching by them would have been wrong.
    known = dict(bureau)
    misled = [name for code, name in ministry if code in known and known[code] != name]
    assert len(misled) == 205
