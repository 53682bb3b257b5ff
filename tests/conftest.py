"""Fixtures for every test: an empty store of each kind."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine, text

from data.store import Store, create_store, open_store
from web.app import create_app

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests"), str(ROOT / "tests/boundary")]

import region  # noqa: E402 - found by the line above
from databases import CHINESE_ORDER  # noqa: E402 - found by the line above
from postgres import find_server, running_cluster  # noqa: E402 - the same

# How long an example takes says more of the machine than of the code.
settings.register_profile("ovoo", deadline=None)
settings.load_profile("ovoo")

SHARED = Path(os.environ.get("OVOO_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The URL of a running PostgreSQL cluster, private to this test process."""
    if url := os.environ.get("OVOO_TEST_POSTGRES"):
        yield url
        return
    server = find_server()
    if isinstance(server, str):
        pytest.skip(f"PostGIS tests need a server: {server}")
    with running_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def template(cluster: str) -> str:
    """A database with PostGIS, from which each test's own is copied.

    Texts stand in Chinese order there, by pinyin, digits after punctuation: whatever counts on the
    order of bytes has to see to it itself.
    """
    name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    admin = create_engine(_psycopg(cluster), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {CHINESE_ORDER}"))
    admin.dispose()
    inside = create_engine(_psycopg(cluster.rsplit("/", 1)[0] + f"/{name}"))
    with inside.begin() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
    inside.dispose()
    return name


def _psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def postgres_url(cluster: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; of one with an empty store where the test takes a `store`."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"t_{worker}_{abs(hash(request.node.nodeid))}"
    if "store" in request.fixturenames:
        made = "drawn_database" if _is_drawn(request) else "made_database"
        template = request.getfixturevalue(made)
    admin = create_engine(_psycopg(cluster), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    yield cluster.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def another_database(
    cluster: str, template: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Makes further empty databases, by a word of one's own, and gives their URLs."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    admin = create_engine(_psycopg(cluster), isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make(word: str) -> str:
        name = f"t_{worker}_{os.getpid()}_{abs(hash(request.node.nodeid))}_{word}"
        with admin.connect() as connection:
            statement = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
            connection.execute(text(statement))
        made.append(name)
        return cluster.rsplit("/", 1)[0] + f"/{name}"

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that does not exist yet, one of each kind."""
    if request.param == "postgis":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "store.gpkg")


@pytest.fixture(scope="session")
def made_geopackage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, made once: its migrations take longer than most tests."""
    path = tmp_path_factory.mktemp("made") / "store.gpkg"
    create_store(str(path)).close()
    return path


@pytest.fixture(scope="session")
def drawn_geopackage(made_geopackage: Path) -> Path:
    """A store with the drawn region, made once."""
    path = made_geopackage.with_name("drawn.gpkg")
    shutil.copyfile(made_geopackage, path)
    with open_store(str(path)) as drawn:
        region.fill(drawn)
    return path


@pytest.fixture(scope="session")
def made_database(cluster: str, template: str) -> str:
    """The name of a database with an empty store, made once."""
    name = _copied(cluster, template, "made")
    create_store(cluster.rsplit("/", 1)[0] + f"/{name}").close()
    return name


@pytest.fixture(scope="session")
def drawn_database(cluster: str, made_database: str) -> str:
    """The name of a database with the drawn region, made once."""
    name = _copied(cluster, made_database, "drawn")
    with open_store(cluster.rsplit("/", 1)[0] + f"/{name}") as drawn:
        region.fill(drawn)
    return name


def _copied(cluster: str, template: str, word: str) -> str:
    name = f"{word}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    admin = create_engine(_psycopg(cluster), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    admin.dispose()
    return name


@pytest.fixture
def store(store_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind; one with the drawn region where the test takes `filled`."""
    if "://" not in store_url:  # a database is copied as it is made
        made = "drawn_geopackage" if _is_drawn(request) else "made_geopackage"
        shutil.copyfile(request.getfixturevalue(made), store_url)
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def drawn_region() -> None:
    """Asks for a store with the drawn region; see `_is_drawn`."""


def _is_drawn(request: pytest.FixtureRequest) -> bool:
    """Whether the region comes with the copy: drawing it takes longer than most tests."""
    return "drawn_region" in request.fixturenames


@pytest.fixture
def filled(drawn_region: None, store: Store) -> Store:
    """A store of each kind with the drawn region."""
    return store


@pytest.fixture
def app(filled: Store) -> Flask:
    """An application on the drawn region."""
    made = create_app(filled)
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the project; the test is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("the real data beside the project is not here")
    return SHARED
