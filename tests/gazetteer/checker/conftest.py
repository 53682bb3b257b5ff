"""A register of real divisions and some places, in each kind of store, made once for a module."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import real_register

from data.store import Store, create_store
from gazetteer.checker import CheckedDocument, check_pasted


@pytest.fixture(
    scope="module", params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)]
)
def register(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The register; tests of one module share it and do not write."""
    folder = tmp_path_factory.mktemp("register")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        if request.param == "geopackage":
            url = str(folder / "store.gpkg")
        else:
            url = request.getfixturevalue("module_postgres_url")
        with create_store(url) as store:
            real_register.fill(store)
            yield store


@pytest.fixture(scope="module")
def module_postgres_url(cluster: str, template: str) -> Iterator[str]:
    """The URL of an empty database that lives as long as a module's tests."""
    import uuid

    from sqlalchemy import create_engine, text

    name = f"checker_{uuid.uuid4().hex[:12]}"
    plain = cluster.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(plain, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    yield cluster.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def check(register: Store) -> Callable[[str], CheckedDocument]:
    """Check a text against the register."""
    return lambda text: check_pasted(register, text)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file and return its path."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
