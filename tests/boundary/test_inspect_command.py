"""`ovoo inspect` by a store or by a register file alone, with its picture; `ovoo confirm`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from region import MARKERS
from visits import HEADER, as_csv, moved_rows, rows

from boundary import preview, receive
from data.errors import FaultsFound, InvalidValue
from data.store import Store, create_store
from ovoo import cli

REGISTER_HEADER = ["界桩编号", "经度", "纬度", "坐标系", "中误差", "限差"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """The drawn region's markers as a file of their own."""
    table = [[n, f"{lon:.9f}", f"{lat:.9f}", "CGCS2000", "0.05", "0.2"] for n, lon, lat in MARKERS]
    path = tmp_path / "register.csv"
    path.write_bytes(as_csv(table, REGISTER_HEADER))
    return path


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.csv"
    path.write_bytes(as_csv(moved_rows()))
    return path


def test_a_register_file_is_enough(register: Path, visit: Path) -> None:
    answer = run("inspect", visit, "--register", register, "--json")
    assert answer.exit_code == 0, answer.output
    report = json.loads(answer.output)
    assert report["summary"] == {"in_place": 4, "displaced": 1}
    assert report["results"][1]["tolerance_m"] == 0.2


def test_a_store_can_be_named_as_the_register(register: Path, visit: Path, tmp_path: Path) -> None:
    store = tmp_path / "own.gpkg"
    create_store(str(store)).close()
    assert run("load", "markers", register, "--store", store).exit_code == 0
    answer = run("inspect", visit, "--register", store, "--json")
    assert json.loads(answer.output)["summary"] == {"in_place": 4, "displaced": 1}


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_picture_is_written_beside_the_verdicts(
    register: Path, visit: Path, tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"picture.{ending}"
    answer = run("inspect", visit, "--register", register, "--plot", target, "--lang", "en")
    assert answer.exit_code == 0, answer.output
    assert "displaced" in answer.output
    drawn = target.read_bytes()
    assert drawn.startswith(b"\x89PNG" if ending == "png" else b"<?xml")


def test_what_cannot_be_done_is_refused_in_words(
    register: Path, visit: Path, tmp_path: Path
) -> None:
    wrong = run("inspect", visit, "--register", register, "--plot", tmp_path / "picture.gif")
    assert isinstance(wrong.exception, InvalidValue)
    assert "picture.gif" in wrong.exception.zh
    nothing = run("inspect", visit, "--register", tmp_path / "none.csv")
    assert isinstance(nothing.exception, InvalidValue)
    both = run("inspect", visit, "--register", register, "--commit")
    assert both.exit_code == 2


def test_faults_of_the_register_file_are_all_told(visit: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(as_csv([["A1", "x", "41", "CGCS2000", "0.05", "0.2"]], REGISTER_HEADER))
    answer = run("inspect", visit, "--register", path)
    assert isinstance(answer.exception, FaultsFound)


def test_a_datum_of_the_operator_makes_rows_comparable(register: Path, tmp_path: Path) -> None:
    parameters = tmp_path / "own.toml"
    parameters.write_text(
        'identifier = "own"\nsource = "xian1980"\ntarget = "cgcs2000"\naccuracy_m = 0.02\n'
        '[seven_parameters]\nconvention = "position_vector"\ntranslation_m = [0.0, 0.0, 0.0]\n'
        "rotation_arcsec = [0.0, 0.0, 0.0]\nscale_ppm = 0.0\n",
        encoding="utf-8",
    )
    table = rows()
    for one in table:
        one[3] = "西安80"
    path = tmp_path / "old.csv"
    path.write_bytes(as_csv(table))
    without = json.loads(run("inspect", path, "--register", register, "--json").output)
    assert without["summary"] == {"cannot_tell": 5}
    given = run("inspect", path, "--register", register, "--json", "--datum-parameters", parameters)
    assert json.loads(given.output)["summary"] != without["summary"]
    assert "0.0, 0.0" not in given.output


def test_a_correction_is_confirmed_and_taken_back(filled: Store, store_url: str) -> None:
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    identity = receive(filled, as_csv(table), "a.csv", "巡查一组")
    preview(filled, identity)
    confirmed = run("confirm", identity, "--row", 3, "--store", store_url, "--json")
    assert confirmed.exit_code == 0, confirmed.output
    assert json.loads(confirmed.output)["corrections"][0]["row"] == 3
    back = run("confirm", identity, "--row", 3, "--withdraw", "--store", store_url, "--json")
    assert json.loads(back.output)["corrections"] == []
    assert run("confirm", identity, "--store", store_url).exit_code == 2


def test_columns_are_named_on_the_command_line(register: Path, tmp_path: Path) -> None:
    visit, store = tmp_path / "visit.csv", tmp_path / "own.gpkg"
    visit.write_bytes(as_csv(rows(), ["桩", "甲", "乙", *HEADER[3:]]))
    create_store(str(store)).close()
    assert run("load", "markers", register, "--store", store).exit_code == 0
    named = ["--map", "桩=marker_no", "--map", "#2=lon", "--map", "乙=lat"]
    for more in (["--store", store], ["--register", register], ["--commit", "--store", store]):
        answer = run("inspect", visit, "--json", *named, *more)
        assert answer.exit_code == 0
        assert json.loads(answer.output)["summary"] == {"in_place": 5}
