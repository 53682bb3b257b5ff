"""How far up a command reaches: what is loaded for it, and that it is loaded where it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
import region

import ovoo
from data.store import create_store

_THEN_TELL = """
import json, sys
import ovoo
sys.argv = ["ovoo", *sys.argv[1:]]
try:
    ovoo.main()
except SystemExit as end:
    print(json.dumps([end.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reach") / "region.gpkg"
    with create_store(str(path)) as made:
        region.fill(made)
    return path


def loaded(*arguments: object) -> set[str]:
    """The packages that a process of its own has loaded at the end of a command."""
    told = subprocess.run(
        [sys.executable, "-c", _THEN_TELL, *map(str, arguments)],
        cwd=Path(ovoo.__file__).parent, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    code, packages = json.loads(told.splitlines()[-1])
    assert code == 0
    return set(packages)


def test_an_export_of_names_loads_nothing_that_it_does_without(store: Path, tmp_path: Path) -> None:
    # Each of these takes 2 to 20 MB: with them, an export of all names passes 100 MB.
    heavy = {"boundary", "web", "flask", "jinja2", "pyproj", "rich", "xlsxwriter", "alembic"}
    heavy |= {
        "pandas",
        "geopandas",
        "fiona",
        "pyogrio",
        "pyarrow",
        "scipy",
        "matplotlib",
        "PIL",
        "docx",
        "lxml",
    }
    file = tmp_path / "names.geojsons"
    packages = loaded("export", "places", file, "--store", store)
    assert "gazetteer" in packages
    assert not heavy & packages
    assert len(file.read_bytes().splitlines()) > 1


def test_an_export_of_markers_finds_the_floor_that_has_them(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "markers.geojsons"
    assert "boundary" in loaded("export", "markers", file, "--store", store)
    assert file.stat().st_size > 0


@pytest.mark.parametrize("command", ["verify", "load", "release", "division"])
def test_who_writes_or_proves_knows_every_table(command: str) -> None:
    packages = loaded(command, "--help")
    assert "boundary" in packages
    assert "flask" not in packages


def test_every_command_is_found_without_the_others() -> None:
    ovoo.cli.join()
    for name in ovoo.cli.commands:
        alone = ovoo.Floors(commands={"load": ovoo.load})
        assert alone.get_command(click.Context(alone), name) is not None, name
