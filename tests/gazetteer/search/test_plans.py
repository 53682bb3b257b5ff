"""No query scans: the plans of both stores are read."""

from typing import Any

import pytest
from sqlalchemy import Connection

from data.store import Store
from gazetteer.reconciliation import NameQuery, reconcile
from gazetteer.search import SearchRequest, search
from gazetteer.search import candidates as candidates_module
from gazetteer.search import hits as hits_module
from gazetteer.search import nearest as nearest_module
from gazetteer.search import nearness as nearness_module
from gazetteer.search import plan as plan_module
from gazetteer.search import whole as whole_module
from gazetteer.search.running import run

QUERIES = [
    SearchRequest("呼"),
    SearchRequest("乌兰"),
    SearchRequest("巴彦淖尔市"),
    SearchRequest("内蒙古锡林郭勒盟乌兰"),
    SearchRequest("xilinguole"),
    SearchRequest("hhht"),
    SearchRequest("guole"),
    SearchRequest("ᠤᠯᠠᠭᠠᠨ"),
    SearchRequest("Хөх хот"),
    SearchRequest("白音鄂博", within="150400", category="2", status="standard", heritage=False),
    SearchRequest("苏木", within="内蒙古自治区"),
    SearchRequest("苏木", category="21"),
    SearchRequest("呼", near=(111.6, 40.8)),
    SearchRequest("东乌旗", second="always"),
    SearchRequest("呼和号特", second="always"),
    SearchRequest("Xilinhod", second="always"),
    SearchRequest("呼", after="2.1099511627776"),
    SearchRequest("%' OR 1=1 --苏木"),
]


def explained(connection: Connection, sql: str, values: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        return [str(row[-1]) for row in run(connection, f"EXPLAIN QUERY PLAN {sql}", values)]
    driver: Any = connection.connection.driver_connection
    driver.execute("SET LOCAL enable_seqscan = off")
    return [str(row[0]) for row in run(connection, f"EXPLAIN {sql}", values)]


@pytest.mark.parametrize("request_", QUERIES, ids=lambda r: r.text)
@pytest.mark.parametrize("stretch", [2, 100_000])
def test_every_statement_reads_an_index(
    filled: Store, request_: SearchRequest, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[str] = []

    def explaining(
        connection: Connection, sql: str, values: Any, *, prepared: bool = False
    ) -> list[tuple[Any, ...]]:
        plans.extend(explained(connection, sql, values))
        return run(connection, sql, values, prepared=prepared)

    for module in (candidates_module, hits_module, nearness_module, plan_module):
        monkeypatch.setattr(module, "run", explaining)
    monkeypatch.setattr(candidates_module, "stream", explaining)
    # Short stretches, so that each way of reading is gone.
    monkeypatch.setattr(candidates_module, "_STRETCH", stretch)
    monkeypatch.setattr(candidates_module, "_FEW_PASS", stretch)
    monkeypatch.setattr(nearness_module, "_FEW", 5)
    search(filled, request_)
    assert plans
    assert scans(plans) == []


MATCHED = [
    NameQuery("呼和浩特市"),
    NameQuery("白音鄂博"),
    NameQuery("大板", divisions=("150400",)),
    NameQuery("新建", lon=111.6, lat=40.8),
    NameQuery("", lon=111.6, lat=40.8),
    NameQuery("苏木", types=("21",)),
    NameQuery("' OR 1=1 --"),
    NameQuery("places/1"),
]


@pytest.mark.parametrize("query", MATCHED, ids=lambda query: query.name or "nameless")
def test_matching_reads_an_index_too(
    filled: Store, query: NameQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[str] = []

    def explaining(
        connection: Connection, sql: str, values: Any, *, prepared: bool = False
    ) -> list[tuple[Any, ...]]:
        plans.extend(explained(connection, sql, values))
        return run(connection, sql, values, prepared=prepared)

    modules = (candidates_module, hits_module, nearness_module, nearest_module, plan_module)
    for module in (*modules, whole_module):
        monkeypatch.setattr(module, "run", explaining)
    monkeypatch.setattr(candidates_module, "stream", explaining)
    reconcile(filled, [query])
    assert plans or query.name == "places/1"
    assert scans(plans) == []


def scans(plans: list[str]) -> list[str]:
    """The lines of plans that read a whole table."""
    return [
        line
        for line in plans
        if "Seq Scan" in line
        or (
            line.strip().startswith("SCAN ")
            and ("search_" in line or line.split()[1] in {"t", "f"})
        )
    ]
