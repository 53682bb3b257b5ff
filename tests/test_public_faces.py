"""What each floor shows the others is fixed here: a change of a face is a change of this file."""

import importlib
import re
from pathlib import Path

import pytest

import boundary
import data
import gazetteer
from data.errors import OvooError
from web import problems

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"data": data, "gazetteer": gazetteer, "boundary": boundary}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_face_is_what_its_list_says(floor: str) -> None:
    module = FLOORS[floor]
    assert len(module.__all__) == len(set(module.__all__))
    listed = (ROOT / "docs/faces.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", listed, flags=re.MULTILINE)
    (own,) = [part for part in section if part.startswith(f"`{floor}`")]
    assert set(re.findall(r"^- `(\w+)`", own, flags=re.MULTILINE)) == set(module.__all__)
    for name in module.__all__:
        assert hasattr(module, name), name


def tree(kind: type[OvooError]) -> list[type[OvooError]]:
    return [kind, *(c for child in kind.__subclasses__() for c in tree(child))]


def test_every_error_has_a_status_a_code_of_its_own_and_a_line_in_the_docs() -> None:
    importlib.import_module("boundary.errors")
    importlib.import_module("gazetteer.errors")
    documented = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    kinds = tree(OvooError)
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert 400 <= problems.status_of(kind)[0] < 600
        assert f"## `{kind.code}`" in documented, kind


@pytest.mark.parametrize(
    "module", ["data.errors", "gazetteer.errors", "boundary.errors", "web.errors"]
)
def test_the_drawn_error_tree_is_the_real_one(module: str) -> None:
    drawn = importlib.import_module(module).__doc__ or ""
    kinds = [k for k in tree(OvooError) if k.__module__ == module]
    for kind in kinds:
        assert re.search(rf"\b{kind.__name__}\b", drawn), kind


def test_only_the_table_maps_errors_to_statuses() -> None:
    for path in [*(ROOT / "data").rglob("*.py"), *(ROOT / "boundary").rglob("*.py")]:
        assert not re.search(r"\bstatus_code\b|\babort\(4", path.read_text(encoding="utf-8")), path


def test_every_command_and_setting_has_a_heading() -> None:
    import click

    from ovoo import cli

    documented = (ROOT / "docs/commands.md").read_text(encoding="utf-8")

    def names(group: click.Group, before: str = "ovoo") -> list[str]:
        found = []
        for name, command in group.commands.items():
            full = f"{before} {name}"
            found += names(command, full) if isinstance(command, click.Group) else [full]
        return found

    cli.join()
    for name in names(cli):
        assert f"## `{name}`" in documented, name
    settings = (ROOT / "web/settings.py").read_text(encoding="utf-8")
    for variable in set(re.findall(r'"(OVOO_\w+|HOST|PORT)"', settings)) | {"OVOO_STORE"}:
        assert f"| `{variable}` |" in documented, variable
