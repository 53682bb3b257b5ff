"""Half past eleven at night in UTC is half past seven of the next day in China: that day counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select
from visits import as_csv, rows

from boundary import preview, receive
from boundary.line_tables import line_finding
from boundary.repair_tables import repair_order
from data.asking import ItemsQuery
from data.formats.writing import FORMATS
from data.store import Store
from gazetteer import PLACES
from gazetteer.exchange.exporting import Export
from gazetteer.signs.repairs import RepairsQuery
from ovoo import cli

EVENING = datetime(2026, 5, 2, 23, 30, tzinfo=UTC)
NEXT_DAY = date(2026, 5, 3)


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with time_machine.travel(EVENING, tick=False):
        yield


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(cli, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done


def test_an_inspection_of_this_morning_does_not_lie_in_the_future(filled: Store) -> None:
    assert {row[5] for row in rows()} == {NEXT_DAY.isoformat()}
    report = preview(filled, receive(filled, as_csv(rows()), "a.csv", "巡查"))
    assert report["faults"] == []
    assert len(report["results"]) == len(rows())


def test_a_finding_on_a_line_is_of_this_morning(client: FlaskClient, filled: Store) -> None:
    made = client.post("/lines/1/findings", json={"kind": "other", "text": "便道"})
    assert made.status_code == 201
    with filled.read() as connection:
        assert connection.scalar(select(line_finding.c.found_on)) == NEXT_DAY


def test_a_repair_ordered_by_command_is_of_this_morning(filled: Store, store_url: str) -> None:
    run("repair", "open", "--store", store_url, 2, "损坏")
    with filled.read() as connection:
        assert connection.scalar(select(repair_order.c.opened_on)) == NEXT_DAY


def test_a_sign_is_overdue_by_this_morning(
    store_url: str, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RepairsQuery] = []
    monkeypatch.setattr(
        "gazetteer.signs.commands.list_repairs", lambda _, query: asked.append(query) or []
    )
    run("sign-repairs", "--store", store_url, "--overdue")
    assert [one.overdue_on for one in asked] == [NEXT_DAY]


def test_an_export_is_of_this_morning() -> None:
    made = Export(PLACES, FORMATS["geojson"], ItemsQuery())
    assert made.today == NEXT_DAY
