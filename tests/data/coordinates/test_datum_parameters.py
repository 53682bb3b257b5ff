"""The operator's datum parameters: read, used, and never shown."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from data.coordinates import CGCS2000, LocalFrame, Position, ReferenceSystem, read_datum_parameters
from data.errors import InvalidFile, NotComparable

# EPSG:15918, a public set for the Ordos basin: three translations.
PUBLIC = """
identifier = "public-15918"
source = "beijing1954"
target = "cgcs2000"
accuracy_m = 1.0
area = [97.0, 37.0, 127.0, 54.0]
[seven_parameters]
convention = "position_vector"
translation_m = [12.646, -155.176, -80.863]
rotation_arcsec = [0, 0, 0]
scale_ppm = 0
"""
BEIJING = ReferenceSystem.parse("北京54")


def write(folder: Path, text: str) -> Path:
    path = folder / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lon", "lat", "out_lon", "out_lat"),
    [
        (111.75, 40.84, 111.750542536, 40.840349537),
        (119.77, 49.21, 119.770906789, 49.210508786),
        (101.07, 41.96, 101.070209699, 41.960414176),
    ],
)
def test_seven_parameters(
    tmp_path: Path, lon: float, lat: float, out_lon: float, out_lat: float
) -> None:
    parameters = read_datum_parameters(write(tmp_path, PUBLIC))
    position = Position.parse(lon=str(lon), lat=str(lat), system=BEIJING)
    found = position.lonlat_in(CGCS2000, [parameters])
    assert found[:2] == pytest.approx((out_lon, out_lat), abs=1.1e-9)
    assert found[2] == 1.0
    back = parameters.apply(CGCS2000.datum, np.array([found[0]]), np.array([found[1]]))
    assert np.abs(LocalFrame.at(lon, lat).residuals(*back)).max() < 1e-3


def test_without_parameters_nothing_is_compared(tmp_path: Path) -> None:
    position = Position.parse(lon="111.75", lat="40.84", system=BEIJING)
    with pytest.raises(NotComparable, match="no datum parameters") as caught:
        position.lonlat_in(CGCS2000)
    assert "参数" in caught.value.zh
    elsewhere = read_datum_parameters(
        write(tmp_path, PUBLIC.replace("[97.0, 37.0, 127.0, 54.0]", "[97.0, 37.0, 98.0, 38.0]"))
    )
    with pytest.raises(NotComparable, match="outside"):
        position.lonlat_in(CGCS2000, [elsewhere])


def test_the_numbers_are_never_shown(tmp_path: Path) -> None:
    parameters = read_datum_parameters(write(tmp_path, PUBLIC))
    for text in (repr(parameters), str(parameters), f"{[parameters]}"):
        assert "public-15918" in text
        assert "12.646" not in text
        assert "155" not in text
    with pytest.raises(TypeError, match="confidential"):
        pickle.dumps(parameters)


@pytest.mark.parametrize(
    "change",
    [
        ("translation_m = [12.646, -155.176, -80.863]", "translation_m = [12.646, -155.176]"),
        ("translation_m = [12.646, -155.176, -80.863]", "translation_m = [12.646, nan, 1.0]"),
        ('"position_vector"', '"whatever"'),
        ('source = "beijing1954"', 'source = "paris"'),
        ("accuracy_m = 1.0", "accuracy_m = -1.0"),
        ("accuracy_m = 1.0", ""),
        ("[seven_parameters]", "[grid]"),
        ("scale_ppm = 0", "scale_ppm = "),
        ('target = "cgcs2000"', 'target = "beijing1954"'),
    ],
)
def test_a_broken_file_is_refused_without_its_numbers(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    with pytest.raises(InvalidFile) as caught:
        read_datum_parameters(write(tmp_path, PUBLIC.replace(*change)))
    assert "155" not in str(caught.value)
    assert "parameters.toml" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile):
        read_datum_parameters(tmp_path / "none.toml")
