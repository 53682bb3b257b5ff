import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from data.errors import InvalidValue
from data.sample import Sample, write_inspection_files
from data.sample.lines import GEOD
from data.sample.plane import grid_transformer, zone_grid
from data.sample.scenarios import (
    BREAKS,
    MOVE_M,
    ROWS,
    chosen_markers,
    index_of_moved,
    other_datum,
    sexagesimal,
    visit,
)

STORIES = {
    "clean": {"csv", "xlsx", "geojson"},
    "one-moved": {"csv", "xlsx", "geojson"},
    "axes-swapped": {"csv", "xlsx", "geojson"},
    "other-datum": {"csv", "xlsx"},
    "broken-rows": {"csv", "xlsx"},
    "gb18030": {"csv"},
}


@pytest.fixture(scope="module")
def big(sample: Sample) -> Sample:
    """The sample with enough single markers on one line for a whole file."""
    few = chosen_markers(sample)
    many = [
        replace(marker, id=number, sequence=number, marker_no=f"9899{number:03d}Q")
        for number, marker in enumerate((few * ROWS)[:ROWS], start=1)
    ]
    return replace(sample, markers=tuple(many))


def _read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_every_story_is_written_in_its_formats(big: Sample, tmp_path: Path) -> None:
    written = write_inspection_files(big, tmp_path / "new")
    found: dict[str, set[str]] = {}
    for file in written:
        found.setdefault(file.story, set()).add(file.path.suffix[1:])
        assert file.path.stat().st_size > 0
        assert file.zh
        assert file.en
    assert found == STORIES


def test_the_same_seed_writes_the_same_bytes(big: Sample, tmp_path: Path) -> None:
    one = write_inspection_files(big, tmp_path / "one", 5)
    two = write_inspection_files(big, tmp_path / "two", 5)
    assert [a.path.read_bytes() for a in one] == [b.path.read_bytes() for b in two]


def test_every_row_says_that_it_is_invented(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    for path in tmp_path.glob("*.csv"):
        rows = _read(path, "gb18030" if path.stem == "gb18030" else "utf-8-sig")
        assert len(rows) == ROWS
        assert all(row["备注"].startswith("合成示例") for row in rows)


def test_encodings_are_those_of_spreadsheets(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    assert (tmp_path / "clean.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert _read(tmp_path / "gb18030.csv", "gb18030") == _read(tmp_path / "clean.csv")


def test_sound_markers_are_found_within_their_tolerance(big: Sample) -> None:
    for one in visit(big, 1):
        place = one.marker.geom
        assert GEOD.inv(place.x, place.y, one.lon, one.lat)[2] < one.marker.tolerance_m


def test_one_marker_has_moved_and_its_ties_know(big: Sample) -> None:
    moved = index_of_moved(chosen_markers(big))
    sound, found = visit(big, 1), visit(big, 1, moved)
    differing = [
        number
        for number in range(ROWS)
        if (sound[number].lon, sound[number].lat) != (found[number].lon, found[number].lat)
    ]
    assert differing == [moved]
    one, other = sound[moved], found[moved]
    away_m = GEOD.inv(one.lon, one.lat, other.lon, other.lat)[2]
    assert away_m == pytest.approx(MOVE_M, abs=1e-6)
    assert max(abs(a[1] - b[1]) for a, b in zip(one.ties_m, other.ties_m, strict=True)) > 0.8
    assert one.marker.accuracy_class == "A"


def test_swapped_axes_are_swapped(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    clean, swapped = _read(tmp_path / "clean.csv"), _read(tmp_path / "axes-swapped.csv")
    assert [row["经度"] for row in swapped] == [row["纬度"] for row in clean]


def test_the_other_datum_leaves_its_fingerprint(big: Sample) -> None:
    """About 30 to 75 m west or east and 36 to 46 m north, as Beijing 1954 planes do."""
    found = visit(big, 1)
    for one, row in zip(found, other_datum(found), strict=True):
        grid = zone_grid(one.lon)
        assert grid is not None
        east_m, north_m = grid_transformer(grid.epsg).transform(one.lon, one.lat)
        assert -80 < float(row["横坐标Y"]) - east_m < -15
        assert 30 < float(row["纵坐标X"]) - north_m < 50
        assert f"{grid.zone}带" in row["坐标系"]


def test_each_broken_row_names_its_fault(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    rows = _read(tmp_path / "broken-rows.csv")
    assert [row["备注"].split("：")[1] for row in rows[: len(BREAKS)]] == [one[0] for one in BREAKS]
    assert rows[-1]["界桩编号"] == rows[0]["界桩编号"]


def test_workbooks_hold_numbers_as_numbers_and_codes_as_text(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    header, first, *_ = (
        CalamineWorkbook.from_path(tmp_path / "clean.xlsx").get_sheet_by_index(0).to_python()
    )
    row = dict(zip(header, first, strict=True))
    assert isinstance(row["经度"], float)
    assert isinstance(row["界桩编号"], str)


def test_geojson_positions_are_longitude_first(big: Sample, tmp_path: Path) -> None:
    write_inspection_files(big, tmp_path)
    collection = json.loads((tmp_path / "clean.geojson").read_text(encoding="utf-8"))
    for feature in collection["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert (110 < lon < 112, 39 < lat < 42) == (True, True)
        assert "经度" not in feature["properties"]


def test_a_small_sample_gives_shorter_files(sample: Sample, tmp_path: Path) -> None:
    written = write_inspection_files(sample, tmp_path)
    assert {file.story for file in written} == set(STORIES)


def test_a_sample_without_markers_has_nothing_to_inspect(sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="no single markers"):
        write_inspection_files(replace(sample, markers=()), tmp_path)


@given(st.floats(0, 180))
def test_degrees_minutes_and_seconds_say_the_same_to_a_millimetre(degrees: float) -> None:
    text = sexagesimal(f"{degrees:.8f}", "{d} {m:02d} {s:07.4f}")
    d, m, s = (float(part) for part in text.split())
    assert s < 60
    assert d + m / 60 + s / 3600 == pytest.approx(degrees, abs=3e-8)
