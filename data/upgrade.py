"""Bring a store's schema up to this program's, in one transaction and without loss."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from data.errors import StoreTooNew

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> "Config":
    # Read for migrations alone: most stores are of this version, and a server stays small.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


@cache
def _known_versions() -> tuple[str, ...]:
    """Every schema version this program knows, newest first: `v0007_what.py` makes 0007."""
    files = (_SCRIPTS / "versions").glob("v[0-9]*.py")
    return tuple(sorted((file.name[1:5] for file in files), reverse=True))


def newest_version() -> str:
    """The schema version this program writes."""
    return _known_versions()[0]


def schema_version(engine: Engine) -> str | None:
    """The schema version of a store; None where there is no store."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def check_known(version: str, url: str) -> None:
    """Refuse a store of a newer program.

    Raises:
        StoreTooNew: where this program does not know the version.
    """
    if version not in _known_versions():
        raise StoreTooNew(
            f"{url} was written by a newer program (schema {version}; this one knows up to"
            f" {newest_version()}): install the newer program to open it",
            f"{url} 由更新版本的程序写入（结构版本 {version}，本程序最高支持 {newest_version()}）："
            "请安装新版本程序后再打开",
        )


def upgrade(connection: Connection, srid: int, version: str = "head") -> None:
    """Run the migrations that a store lacks, inside the caller's transaction.

    Args:
        connection: a writing connection that has begun.
        srid: the EPSG code of the store's reference system.
        version: where to stop; the newest by default.
    """
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["srid"] = srid
    if connection.dialect.name != "sqlite":
        # Views of readers hold on to the tables; they are made anew when readers next come.
        for schema in ("ovoo_public", "ovoo_member", "ovoo_exact"):
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    from alembic import command

    command.upgrade(config, version)
