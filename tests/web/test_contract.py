"""Every operation of the API's own description, with values drawn from it: nothing unexpected.

Schemathesis draws the requests, deterministically; an answer has a status, a media type and a body
that the description names, never a fault of the program. GeoJSON answers keep to RFC 7946.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import region
import schemathesis
from flask import Response
from geojson_rules import broken_rules
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from data import Actor, Grant, Role, Store
from data.accounts import issue_token, open_account
from data.store import create_store
from web.app import create_app
from web.settings import ACCOUNTS, OPEN, Settings

EXAMPLES = 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PLAIN = {"Accept-Encoding": "identity"}

pytestmark = pytest.mark.filterwarnings("ignore")
"""Schemathesis and what it draws with warn of their own ways."""


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Store]:
    """A GeoPackage with the drawn region: what an address answers is the same on both stores."""
    with create_store(str(tmp_path / "store.gpkg")) as store:
        region.fill(store)
        yield store


def faults_of(
    app: Any, headers: Callable[[], dict[str, str]], only: frozenset[str] = frozenset()
) -> dict[str, str]:
    """What is unexpected, by operation; of some operations only where they are named."""
    found: dict[str, str] = {}
    described = schemathesis.openapi.from_wsgi("/api?f=json", app)
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) > 250
    for operation in operations:
        if only and operation.label not in only:
            continue
        told = _try(operation, headers())
        if told:
            found[operation.label] = told
    return found


def _try(operation: Any, headers: dict[str, str]) -> str:
    told: list[str] = []
    count = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def draw(case: Any) -> None:
        nonlocal count
        count += 1
        if "id" in (case.path_parameters or {}) and count % 2:
            case.path_parameters["id"] = 1  # a record that is there
        answer = case.call(headers=headers)
        try:
            case.validate_response(answer, checks=CHECKS)
        except schemathesis.errors.SchemathesisError as error:
            told.append(str(error))
        except BaseExceptionGroup as error:
            told.append("; ".join(str(one) for one in error.exceptions))
        if "crs" not in (case.query or {}) and answer.status_code == 200:
            told.extend(_geojson(answer))

    draw()
    return "\n".join(told)


def _geojson(answer: Any) -> list[str]:
    if "application/geo+json" not in answer.headers.get("content-type", [""])[0].split(";"):
        return []
    return broken_rules(answer.content)


def test_nothing_is_unexpected_where_nobody_signs_in(drawn: Store) -> None:
    app = create_app(drawn, Settings(access=OPEN))
    assert faults_of(app, lambda: PLAIN) == {}


def test_nothing_is_unexpected_where_people_sign_in(drawn: Store) -> None:
    now = datetime.now(UTC)
    every = [Grant(role) for role in Role]
    open_account(drawn, Actor.operator("o"), "chief", every, now)

    def signed() -> dict[str, str]:
        """A token of its own for each operation: some end what they are called with."""
        text = issue_token(drawn, "chief", "test", tuple(Role), timedelta(days=1), now)
        return {**PLAIN, "Authorization": f"Bearer {text}"}

    app = create_app(drawn, Settings(access=ACCOUNTS))
    assert faults_of(app, signed) == {}


def test_nothing_is_unexpected_for_who_has_not_signed_in(drawn: Store) -> None:
    open_account(drawn, Actor.operator("o"), "chief", [Grant(Role.EDITOR)], datetime.now(UTC))
    app = create_app(drawn, Settings(access=ACCOUNTS))
    assert faults_of(app, lambda: PLAIN) == {}


def test_it_would_see_a_fault(drawn: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(drawn, Settings(access=OPEN))
    monkeypatch.setitem(app.view_functions, "features.conformance", lambda: ({"a": 1}, 418))
    monkeypatch.setitem(app.view_functions, "features.collections", list)
    feature = '{"type":"Feature","geometry":{"type":"Point","coordinates":[41,111]}}'
    bad = Response(feature, content_type="application/geo+json")
    monkeypatch.setitem(app.view_functions, "search.search", lambda: bad)
    broken = frozenset({"GET /conformance", "GET /collections", "GET /search"})
    assert faults_of(app, lambda: PLAIN, broken).keys() == broken
