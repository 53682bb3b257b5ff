"""Fixtures for tests of the door that only read: one application for a whole module."""

from collections.abc import Iterator

import pytest
import region
from door import Watch, watched
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from data.store import Store, create_store
from web.app import create_app
from web.settings import ACCOUNTS, Settings


@pytest.fixture(scope="module")
def module_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a store that does not exist yet; of which kind, says the test's parameter."""
    if request.param == "geopackage":
        yield str(tmp_path_factory.mktemp("module") / "store.gpkg")
        return
    cluster = str(request.getfixturevalue("cluster"))
    template = str(request.getfixturevalue("template"))
    name = f"m_{abs(hash(request.node.nodeid))}"
    address = cluster.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    yield cluster.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="module")
def reader(module_url: str) -> Iterator[FlaskClient]:
    """A client of an application on the drawn region; its tests do not write."""
    with create_store(module_url) as store:
        region.fill(store)
        app = create_app(store)
        app.testing = True
        yield app.test_client()


@pytest.fixture
def watch(app: Flask) -> Watch:
    """Who gets past the quick door of the application."""
    return watched(app)


@pytest.fixture
def closed_app(filled: Store) -> Flask:
    """An application where people sign in."""
    return create_app(filled, Settings(access=ACCOUNTS))
