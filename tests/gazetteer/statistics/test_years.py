"""Counts by year: each is what choosing the names themselves gives, however they are chosen."""

import itertools
import json
import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from data.errors import InvalidValue
from data.store import Store
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.statistics import Question, ask
from gazetteer.statistics.commands import statistics
from gazetteer.tables import division, place

TOWNSHIPS = ("990101001", "990201001000")
CODES = ("990000", "990100", "990101", "990102", "990201", "990202", "990101009", *TOWNSHIPS)
UNKNOWN = (None, "159999", "159999001")
WITHIN = (None, "990000", "990100", "990201", "980101", *TOWNSHIPS)
_DIGITS = {"prefecture": 4, "county": 6, "township": 9}


def register(store: Store, seed: int) -> None:
    """Some invented names in divisions of every level."""
    chance = random.Random(seed)  # noqa: S311 - a test's names
    days = [None, date(1990, 5, 1), date(2023, 12, 31), date(2024, 1, 1)]
    with store.write("tests", "two townships and some names") as transaction:
        for code in TOWNSHIPS:
            transaction.insert(
                division,
                {"code": code, "name": f"苏木{code}", "level": "township", "in_region": True}
                | {"parent_code": code[:6], "synthetic": True, "source": "invented for a test"},
            )
        for number in range(40):
            transaction.insert(
                place,
                {
                    "name": f"敖包{number}",
                    "status": chance.choice(["standard", "pending", "former"]),
                    "heritage": chance.random() < 0.3,
                    "category_code": chance.choice(["222", "22200", "12100", None]),
                    "division_code": chance.choice([*CODES, *UNKNOWN]),
                    "valid_from": chance.choice(days),
                    "valid_to": chance.choice([*days[2:], None]),
                },
            )


def significant(code: str) -> str:
    """What the codes in a division begin with."""
    six = code.removesuffix("000") if len(code) > 9 else code
    return six.removesuffix("00").removesuffix("00") if len(six) == 6 else six


def is_chosen(name: Any, asked: Question) -> bool:
    return (
        (asked.within is None or (name.division_code or "").startswith(significant(asked.within)))
        and (asked.category is None or (name.category_code or "").startswith(asked.category))
        and asked.status in {None, name.status}
        and asked.heritage in {None, bool(name.heritage)}
    )


def at_level(code: str | None, level: str, known: set[str]) -> str:
    """The division of a level around a code; a coarser code stays as it is."""
    for whole in (code or "", (code or "")[:9], (code or "")[:6]):
        if whole in known:
            digits = _DIGITS[level]
            beginning = whole[:digits].ljust(6, "0")
            fitting = [one for one in known if significant(one) == significant(beginning)]
            return fitting[0] if len(significant(whole)) > digits else whole
    return (code or "")[: 12 if level == "township" else 6]


def expected(names: list[Any], asked: Question, known: set[str]) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for name, (column, measure) in itertools.product(
        names, [("valid_from", "begun"), ("valid_to", "ended")]
    ):
        day = getattr(name, column)
        if day is not None and is_chosen(name, asked):
            parts = {"year": day.year, "division": at_level(name.division_code, asked.level, known)}
            group = tuple(parts[one] for one in asked.by)
            found.setdefault(group, Counter())[measure] += 1
    return {group: (counts["begun"], counts["ended"]) for group, counts in found.items()}


def questions() -> list[Question]:
    parted = [("year", "prefecture"), *(("division,year", level) for level in _DIGITS)]
    return [
        Question.parse(by, level, within=within, category=category, status=status, heritage=marked)
        for (by, level), within, category, status, marked in itertools.product(
            parted, WITHIN, (None, "222", "1"), (None, "standard"), (None, True, False)
        )
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_each_count_by_year_is_what_choosing_the_names_gives(filled: Store, seed: int) -> None:
    register(filled, seed)
    told = 0
    with filled.read() as connection:
        names = list(connection.execute(select(place)))
        known = set(connection.scalars(select(division.c.code)))
        for asked in questions():
            rows = ask(connection, asked).rows
            found = {
                tuple(row[one] if one == "year" else row[one]["code"] for one in asked.by): (
                    row["begun"],
                    row["ended"],
                )
                for row in rows
            }
            assert found == expected(names, asked, known), asked
            told += len(found)
    assert told > 1000


def test_a_division_has_its_own_events_alone(filled: Store) -> None:
    with filled.write("tests", "two events") as transaction:
        for year, code in ((1983, "990101"), (2020, "990202")):
            event = transaction.insert(
                division_event,
                {"digest": code, "kind": "rename", "effective_on": date(year, 7, 1)}
                | {"dated_by": "decision"},
            )
            transaction.insert(
                division_event_line,
                {"event_id": event, "number": 1, "kind": "rename", "old_code": code}
                | {"new_code": code},
            )

    def events(within: str | None) -> dict[int, int]:
        with filled.read() as connection:
            rows = ask(connection, Question(("year",), within=within)).rows
        return {row["year"]: row["division_events"] for row in rows if row["division_events"]}

    assert events(None) == events("990000") == {1983: 1, 2020: 1}
    assert events("990100") == events("990101") == {1983: 1}
    assert events("990201") == {}


def test_events_are_of_no_class_or_status(filled: Store) -> None:
    with filled.read() as connection:
        assert "division_events" in ask(connection, Question(("year",))).columns
        chosen = ask(connection, Question(("year",), status="standard"))
    assert chosen.columns == ("year", "begun", "ended")


def test_the_command_heeds_a_status_without_parts(filled: Store) -> None:
    filled.close()
    whole = CliRunner().invoke(statistics, ["--store", filled.full_url or filled.url])
    former = CliRunner().invoke(
        statistics, ["--store", filled.full_url or filled.url, "--status", "former", "--json"]
    )
    unknown = CliRunner().invoke(
        statistics, ["--store", filled.full_url or filled.url, "--status", "old"]
    )
    assert whole.stdout.startswith("地名 names\t4\n")
    assert json.loads(former.stdout)["rows"][0]["count"] == 0
    assert isinstance(unknown.exception, InvalidValue)


def test_the_command_heeds_heritage(filled: Store) -> None:
    filled.close()
    asked = ["--store", filled.full_url or filled.url, "--json"]
    kept, others, whole = (
        json.loads(CliRunner().invoke(statistics, [*asked, *more]).stdout)
        for more in (["--heritage"], ["--no-heritage"], ["--by", "heritage"])
    )
    told = {row["heritage"]: row["count"] for row in whole["rows"]}
    assert kept["rows"][0]["count"] == told[True] > 0
    assert others["rows"][0]["count"] == told[False] > 0
