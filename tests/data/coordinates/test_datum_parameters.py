"""The operator's datum parameters: read, used, and never shown."""

import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest

from data.coordinates import (
    CGCS2000,
    LocalFrame,
    Position,
    ReferenceSystem,
    operator_parameters,
    read_datum_parameters,
)
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


def ntv2(path: Path, lat_shift_sec: float, lon_shift_sec: float) -> None:
    """A small NTv2 grid over 110-113° E, 39-42° N with one shift everywhere."""

    def record(name: str, value: object) -> bytes:
        key = name.encode().ljust(8)
        if isinstance(value, str):
            return key + value.encode().ljust(8)
        if isinstance(value, int):
            return key + struct.pack("<i4x", value)
        return key + struct.pack("<d", value)

    degree, nodes = 3600.0, 4
    head = [
        ("NUM_OREC", 11), ("NUM_SREC", 11), ("NUM_FILE", 1), ("GS_TYPE", "SECONDS"),
        ("VERSION", "NTv2.0"), ("SYSTEM_F", "XIAN80"), ("SYSTEM_T", "CGCS2000"),
        ("MAJOR_F", 6378140.0), ("MINOR_F", 6356755.288), ("MAJOR_T", 6378137.0),
        ("MINOR_T", 6356752.314),
        ("SUB_NAME", "OWN"), ("PARENT", "NONE"), ("CREATED", "20260101"), ("UPDATED", "20260101"),
        ("S_LAT", 39 * degree), ("N_LAT", 42 * degree), ("E_LONG", -113 * degree),
        ("W_LONG", -110 * degree), ("LAT_INC", degree), ("LONG_INC", degree),
        ("GS_COUNT", nodes * nodes),
    ]  # fmt: skip
    # NTv2 counts longitude positive west.
    node = struct.pack("<4f", lat_shift_sec, -lon_shift_sec, 0.01, 0.01)
    body = b"".join(record(name, value) for name, value in head) + node * (nodes * nodes)
    path.write_bytes(body + b"END     " + b"\0" * 8)


GRID = """
identifier = "own-grid"
source = "xian1980"
target = "cgcs2000"
accuracy_m = 0.05
[grid]
file = "shift.gsb"
"""


def test_a_grid_beside_the_file(tmp_path: Path) -> None:
    ntv2(tmp_path / "shift.gsb", 0.36, 1.8)
    parameters = read_datum_parameters(write(tmp_path, GRID))
    xian = ReferenceSystem.parse("西安80")
    position = Position.parse(lon="111.75", lat="40.84", system=xian)
    lon, lat, sigma_m = position.lonlat_in(CGCS2000, [parameters])
    assert (lon, lat) == pytest.approx((111.75 + 1.8 / 3600, 40.84 + 0.36 / 3600), abs=1e-8)
    assert sigma_m == 0.05
    back = parameters.apply(CGCS2000.datum, np.array([lon]), np.array([lat]))
    assert np.abs(LocalFrame.at(111.75, 40.84).residuals(*back)).max() < 1e-3


def test_outside_its_grid_a_point_is_not_comparable(tmp_path: Path) -> None:
    ntv2(tmp_path / "shift.gsb", 0.36, 1.8)
    parameters = read_datum_parameters(write(tmp_path, GRID))
    away = Position.parse(lon="120.5", lat="47.0", system=ReferenceSystem.parse("西安80"))
    with pytest.raises(NotComparable) as caught:
        away.lonlat_in(CGCS2000, [parameters])
    assert "own-grid" in caught.value.message
    assert "0.36" not in caught.value.message


def test_a_grid_that_is_missing_or_broken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"grid\.file"):
        read_datum_parameters(write(tmp_path, GRID))
    (tmp_path / "shift.gsb").write_bytes(b"this is no grid")
    parameters = read_datum_parameters(write(tmp_path, GRID))
    position = Position.parse(lon="111.75", lat="40.84", system=ReferenceSystem.parse("西安80"))
    with pytest.raises(NotComparable):
        position.lonlat_in(CGCS2000, [parameters])


def test_the_operators_files_are_named_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    write(tmp_path / "more", PUBLIC)
    file = write(tmp_path, PUBLIC.replace("public-15918", "second"))
    named = os.pathsep.join([str(tmp_path / "more"), str(file)])
    found = operator_parameters({"OVOO_DATUM_PARAMETERS": named})
    assert [one.identifier for one in found] == ["public-15918", "second"]
    assert operator_parameters({}) == ()
    with pytest.raises(InvalidFile, match="no file or folder"):
        operator_parameters({"OVOO_DATUM_PARAMETERS": str(tmp_path / "none")})
