"""A database for a module of tests that share one store."""

from collections.abc import Iterator

import pytest
from databases import CHINESE_ORDER
from sqlalchemy import create_engine, text


@pytest.fixture(scope="module")
def module_database(cluster: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database for one module."""
    name = f"s_{abs(hash(request.node.nodeid))}"
    address = cluster.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {CHINESE_ORDER}"))
    yield cluster.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
