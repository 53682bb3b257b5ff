"""Counts of names: right by every dimension, and kept right by every write."""

import csv
import io
import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from data.errors import InvalidValue
from data.geometry import point_wkb
from data.store import Store
from gazetteer.following import make_countable
from gazetteer.statistics import (
    Question,
    ask,
    counts_csv,
    counts_json,
    is_counted,
    summarize,
)
from gazetteer.statistics.tables import name_tally, name_year, place_fact
from gazetteer.tables import place, place_name

TODAY = date(2024, 6, 1)
TAGS = {
    "mn-Mong": "Mong",
    "mn-Mong-CN": "Mong",
    "MN-mong-x-own": "Mong",
    "zh-cmn-Hant-CN": "Hani",
    "zh-Hans-SG": "Hani",
    "und-Cyrl": "Cyrl",
    "mn-Cyrl-t-mn-mong": "Cyrl",
    "zh-Latn-pinyin": "Latn",
}
"""Tags with the script that each names."""


def made(chance: random.Random, number: int) -> dict[str, Any]:
    """One invented name."""
    begun = chance.choice([None, date(1990, 5, 1), date(2023, 12, 31), date(2024, 2, 29)])
    return {
        "name": f"敖包{number}",
        "status": chance.choice(["standard", "unverified", "former"]),
        "heritage": chance.random() < 0.1,
        "category_code": chance.choice(["222", "22200", "1341", "121", None]),
        "division_code": chance.choice(
            ["990101", "990102", "990201", "990202", "990201001", "990100", None, "159999"]
        ),
        "origin": chance.choice([None, "", "蒙古语"]),
        "romanization": chance.choice([None, "Oboo"]),
        "valid_from": begun,
        "valid_to": chance.choice([None, date(2024, 3, 1)]),
        "geom": point_wkb(111.5, 40.5),
    }


@pytest.fixture
def counted(filled: Store) -> Store:
    """The drawn region with 60 more names in many forms."""
    chance = random.Random(5)  # noqa: S311 - a test's names
    with filled.write("tests", "more names") as transaction:
        for number in range(60):
            identity = transaction.insert(place, made(chance, number))
            languages = ["zh-Hans", *chance.sample([*TAGS, "mn"], 2)]
            for language in languages:
                transaction.insert(
                    place_name,
                    {"place_id": identity, "text": "敖包", "language": language}
                    | {"kind": chance.choice(["standard", "former"])},
                )
    return filled


def rows(store: Store, by: str, **more: Any) -> dict[tuple[Any, ...], int]:
    question = Question.parse(by, more.pop("level", None), **more)
    with store.read() as connection:
        found = ask(connection, question)

    def code(value: Any) -> Any:
        return value["code"] if isinstance(value, dict) else value

    return {tuple(code(row[one]) for one in question.by): row["count"] for row in found.rows}


def recounted(store: Store) -> tuple[Any, ...]:
    """Everything that counting anew gives, as the tables have it."""
    with store.write("tests", "count anew") as transaction:
        transaction.connection.execute(text("DELETE FROM store_meta WHERE key = 'name_counts'"))
        transaction.insert(place, {"name": "末", "status": "standard"})
    make_countable(store)
    return contents(store)


def contents(store: Store) -> tuple[Any, ...]:
    with store.read() as connection:
        facts = connection.execute(select(place_fact).order_by(place_fact.c.place_id)).all()
        tally = connection.execute(select(name_tally).where(name_tally.c.count != 0)).all()
        years = connection.execute(
            select(name_year).where((name_year.c.begun != 0) | (name_year.c.ended != 0))
        ).all()
    return [tuple(f) for f in facts], sorted(map(tuple, tally)), sorted(map(tuple, years))


def test_counts_agree_with_the_names_themselves(counted: Store) -> None:
    with counted.read() as connection:
        names = connection.execute(select(place)).mappings().all()
    assert rows(counted, "status") == Counter((n["status"],) for n in names)
    assert rows(counted, "heritage") == Counter((n["heritage"],) for n in names)
    assert rows(counted, "class", depth=1) == Counter(
        ((n["category_code"] or "")[:1],) for n in names
    )
    assert rows(counted, "class,status", depth=3) == Counter(
        ((n["category_code"] or "")[:3], n["status"]) for n in names
    )
    county = rows(counted, "division", level="county")
    assert county["990201",] == sum((n["division_code"] or "")[:6] == "990201" for n in names)
    league = rows(counted, "division")
    assert league["990100",] == sum((n["division_code"] or "")[:4] == "9901" for n in names)
    assert league["",] == sum(n["division_code"] is None for n in names)
    assert league["159999",] == sum(n["division_code"] == "159999" for n in names)
    assert rows(counted, "") == {(): len(names)}
    assert rows(counted, "", within="990100") == {(): league["990100",]}
    assert rows(counted, "", status="former") == {(): rows(counted, "status")["former",]}
    assert rows(counted, "", heritage=True) == {(): rows(counted, "heritage")[True,]}
    natural = rows(counted, "", category="1")
    assert natural == {(): sum((n["category_code"] or "").startswith("1") for n in names)}


def test_a_finer_code_is_a_township_of_its_own_or_the_county_around_it(counted: Store) -> None:
    township = rows(counted, "division", level="township", within="990201")
    with counted.read() as connection:
        codes = Counter(
            code
            for code in connection.scalars(select(place.c.division_code))
            if (code or "").startswith("990201")
        )
    assert township == {("990201",): codes.total()}
    assert codes["990201001"] > 0
    assert rows(counted, "", within="990201") == {(): codes.total()}


def test_scripts_and_shares_count_names_in_force(counted: Store) -> None:
    with counted.read() as connection:
        forms = connection.execute(
            select(place_name.c.place_id, place_name.c.language).where(
                place_name.c.kind != "former"
            )
        ).all()
        origins = sum(bool(o) for o in connection.scalars(select(place.c.origin)))
        total = ask(connection, Question()).rows[0]
    in_script = {
        script: {one.place_id for one in forms if TAGS.get(one.language) == script}
        for script in ("Mong", "Cyrl")
    }
    assert rows(counted, "script")["Mong",] == len(in_script["Mong"]) == total["mongolian"]
    assert rows(counted, "script")["Cyrl",] == len(in_script["Cyrl"])
    assert total["origin"] == origins
    with counted.read() as connection:
        told = counts_json(ask(connection, Question()))["rows"][0]
    assert told["shares"]["origin"] == round(origins / total["count"], 4)


def test_years_begin_and_end_on_their_own_days(counted: Store) -> None:
    with counted.read() as connection:
        names = connection.execute(select(place.c.valid_from, place.c.valid_to)).all()
        found = ask(connection, Question.parse("year")).rows
    begun = Counter(n.valid_from.year for n in names if n.valid_from)
    ended = Counter(n.valid_to.year for n in names if n.valid_to)
    assert {row["year"]: row["begun"] for row in found if row["begun"]} == begun
    assert {row["year"]: row["ended"] for row in found if row["ended"]} == ended
    with counted.read() as connection:
        parts = ask(connection, Question.parse("year,division", "county")).rows
    assert sum(row["begun"] for row in parts) == begun.total()


def test_every_kind_of_write_keeps_the_counts_true(counted: Store) -> None:
    with counted.write("tests", "change, move, delete") as transaction:
        connection = transaction.connection
        some = connection.execute(select(place).order_by(place.c.id.desc()).limit(6)).mappings()
        ids = [dict(row) for row in some]
        transaction.update(place, ids[0]["id"], ids[0]["version"], {"division_code": "990202"})
        transaction.update(place, ids[1]["id"], ids[1]["version"], {"origin": "蒙古语"})
        transaction.change_many(place, [ids[2]["id"], ids[3]["id"]], {"status": "standard"})
        for name in connection.execute(
            select(place_name).where(place_name.c.place_id.in_([ids[4]["id"], ids[5]["id"]]))
        ).mappings():
            transaction.delete(place_name, name["id"], name["version"])
        transaction.delete(place, ids[5]["id"], ids[5]["version"])
        transaction.insert(
            place_name,
            {"place_id": ids[0]["id"], "text": "ᠣᠪᠣᠭ᠎ᠠ", "language": "mn-Mong", "kind": "standard"},
        )
    with counted.read() as connection:
        assert is_counted(connection)
    facts, tally, years = contents(counted)
    again = recounted(counted)
    assert facts == again[0][:-1]
    (one,) = set(again[1]) - set(tally)
    assert one[:2] == ("", "")
    assert years == again[2]


def test_a_large_write_leaves_the_counts_behind_and_says_so(
    counted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gazetteer.statistics import counting

    monkeypatch.setattr(counting, "_MANY", 5)
    with counted.write("tests", "a load") as transaction:
        transaction.insert_many(place, [{"name": "甲", "status": "standard"}] * 5)
    with counted.read() as connection:
        assert not is_counted(connection)
    before = make_countable(counted)
    assert before
    assert not make_countable(counted)
    assert rows(counted, "status")["standard",] >= 5


def test_an_empty_store_is_counted(store: Store) -> None:
    assert rows(store, "") == {(): 0}
    assert rows(store, "division,class") == {}
    with store.read() as connection:
        found = summarize(connection, None, TODAY)
    assert found["total"]["count"] == 0
    assert found["shares"]["origin"] is None


def test_a_summary_adds_up(counted: Store) -> None:
    with counted.read() as connection:
        found = summarize(connection, None, TODAY)
        part = summarize(connection, "990100", TODAY)
    total = found["total"]["count"]
    for dimension in ("division", "class", "status", "heritage"):
        assert sum(row["count"] for row in found[f"by_{dimension}"]) == total
    assert (found["level"], part["level"]) == ("prefecture", "county")
    assert part["total"]["count"] == rows(counted, "", within="990100")[()]
    assert [row["year"] for row in found["years"]] == [2023, 2024]


def test_csv_has_codes_and_words_and_no_formula(counted: Store) -> None:
    with counted.read() as connection:
        counts = ask(connection, Question.parse("division,heritage", "county"))
    text_ = counts_csv(counts, "zh")
    assert text_.startswith("\ufeff")
    header, *listed = list(csv.reader(io.StringIO(text_[1:])))
    assert header[:4] == ["区划代码", "区划", "地名文化遗产", "地名数"]
    assert ["990101", "东旗"] in [row[:2] for row in listed]
    assert sum(int(row[3]) for row in listed) == rows(counted, "")[()]
    assert "是" in {row[2] for row in listed}
    with counted.write("tests", "a name that looks like a formula") as transaction:
        from gazetteer.tables import division

        row = transaction.connection.execute(
            select(division).where(division.c.code == "990101")
        ).one()
        transaction.update(division, row.id, row.version, {"name": "=1+1"})
    with counted.read() as connection:
        assert "'=1+1" in counts_csv(ask(connection, Question.parse("division", "county")), "en")


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("colour", {}),
        ("status,status", {}),
        ("year,status", {}),
        ("division", {"level": "village"}),
        ("class", {"depth": 6}),
        ("", {"within": "150000"}),
    ],
)
def test_what_cannot_be_counted_is_refused(counted: Store, by: str, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        rows(counted, by, **more)
