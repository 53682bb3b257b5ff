"""`ovoo export` as a person types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import region

import ovoo
from data.store import create_store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Export from the drawn region; exit code, standard output, standard error."""
    path = tmp_path / "region.gpkg"
    with create_store(str(path)) as made:
        region.fill(made)

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(
            "sys.argv", ["ovoo", "export", *map(str, arguments), "--store", str(path)]
        )
        code = 0
        try:
            ovoo.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def names(path: Path) -> list[str]:
    return sorted(f["properties"]["name"] for f in json.loads(path.read_bytes())["features"])


def test_a_files_ending_names_the_format(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "地名.geojson"
    code, said, _ = run("places", out)
    assert (code, said) == (0, f"4 records of places written to {out} as GeoJSON\n")
    assert names(out) == ["乌兰浩特", "巴彦淖尔", "白音敖包", "鄂博"]


def test_parts_are_chosen_by_box_division_and_value(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.geojson"
    assert run("places", out, "--bbox", "111,41,112,42")[0] == 0
    assert names(out) == ["白音敖包"]
    assert run("places", out, "--within", "下盟", "--overwrite")[0] == 0
    assert names(out) == ["乌兰浩特", "鄂博"]
    assert run("divisions", out, "--where", "level=prefecture", "--overwrite")[0] == 0
    assert names(out) == ["上盟", "下盟"]
    assert run("divisions", out, "--datetime", "1970-01-01", "--overwrite")[0] == 0
    assert "东旗" not in names(out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", "a.csv"), "there is no collection nothing"),
        (("places", "a.txt"), "is written as"),
        (("places", "a.csv", "--where", "colour=red"), "PROP is one of"),
        (("places", "a.csv", "--where", "heritage=perhaps"), "flag"),
        (("places", "a.csv", "--bbox", "1,2"), "four or six"),
        (("places", "a.csv", "--within", "无此旗"), "no division"),
        (("places", "a.gpx", "--crs", "EPSG:4547"), "longitude and latitude"),
        (("places", "a.csv", "--profile", "x"), "profiles"),
        (("divisions", "a.gpx"), "is written as"),
        (("places", "no/such/folder/a.csv"), "no such folder"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_no_file(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = set(tmp_path.iterdir())
    collection, file, *rest = arguments
    code, _, told = run(collection, tmp_path / file, *rest)
    assert code == ovoo.REFUSED
    assert said in told
    assert set(tmp_path.iterdir()) == before


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("mine")
    code, _, told = run("places", out)
    assert (code, out.read_text()) == (ovoo.REFUSED, "mine")
    assert "--overwrite" in told
