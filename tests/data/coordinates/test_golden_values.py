"""Golden values: zones, offset maps, Beijing 1954 with public parameters, plate motion, vectors."""

import csv
import os
from pathlib import Path

import numpy as np
import pyproj
import pytest

from data.coordinates import (
    CGCS2000,
    GRS80,
    NORTH_CHINA_POLE,
    LocalFrame,
    ReferenceSystem,
    bd09_from_wgs84,
    cgcs2000_from_frame,
    distance_and_bearing,
    gauss_kruger_forward,
    gauss_kruger_inverse,
    gcj02_from_wgs84,
    lonlat_between,
    plate_shift_m,
    wgs84_from_gcj02,
)
from data.coordinates.datums import Datum
from data.errors import NotComparable

SHARED = Path(os.environ.get("OVOO_SHARED", Path(__file__).resolve().parents[4] / "shared"))


def frame_of(text: str) -> Datum:
    return ReferenceSystem.parse(text).datum


GAUSS_KRUGER = [
    (111.75, 40.84, 111.0, 4523075.6541, 563254.0000),
    (119.77, 49.21, 120.0, 5453007.5709, 483241.3613),
    (119.77, 49.21, 117.0, 5456677.0609, 701820.9340),
    (101.07, 41.96, 102.0, 4647612.3502, 422900.1903),
    (101.07, 41.96, 99.0, 4649267.1610, 671612.4647),
]


@pytest.mark.parametrize(("lon", "lat", "meridian", "north_m", "east_m"), GAUSS_KRUGER)
def test_gauss_kruger(
    lon: float, lat: float, meridian: float, north_m: float, east_m: float
) -> None:
    east, north = gauss_kruger_forward(lon, lat, meridian, GRS80)
    assert float(north) == pytest.approx(north_m, abs=1e-4)
    assert float(east) == pytest.approx(east_m, abs=1e-4)
    back_lon, back_lat = gauss_kruger_inverse(east_m, north_m, meridian, GRS80)
    assert float(back_lon) == pytest.approx(lon, abs=2e-9)
    assert float(back_lat) == pytest.approx(lat, abs=2e-9)


@pytest.mark.parametrize(
    ("lon", "lat", "gcj_lon", "gcj_lat"),
    [
        (111.75, 40.84, 111.756917742, 40.841445171),
        (119.77, 49.21, 119.777333294, 49.211938186),
        (101.07, 41.96, 101.072254118, 41.961877530),
    ],
)
def test_gcj02(lon: float, lat: float, gcj_lon: float, gcj_lat: float) -> None:
    found = gcj02_from_wgs84(lon, lat)
    assert [float(x) for x in found] == pytest.approx([gcj_lon, gcj_lat], abs=1.1e-9)
    assert [float(x) for x in wgs84_from_gcj02(*found)] == pytest.approx([lon, lat], abs=1e-11)


def test_offset_maps_leave_the_rest_of_the_world_alone() -> None:
    assert [float(x) for x in gcj02_from_wgs84(-3.2, 55.9)] == [-3.2, 55.9]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data is not beside the project")
def test_offset_maps_agree_with_two_other_libraries_within_a_millimetre() -> None:
    with (SHARED / "data/coords/gcj02_bd09_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "region"}
    for name, forward in (("gcj02", gcj02_from_wgs84), ("bd09", bd09_from_wgs84)):
        frame = LocalFrame.at(table[f"{name}_lon"], table[f"{name}_lat"])
        there = frame.residuals(*forward(table["wgs84_lon"], table["wgs84_lat"]))
        assert np.abs(there).max() < 0.001
    frame = LocalFrame.at(table["wgs84_lon"], table["wgs84_lat"])
    back = frame.residuals(*wgs84_from_gcj02(table["gcj02_lon"], table["gcj02_lat"]))
    assert np.abs(back).max() < 0.001


def test_the_reduction_to_2000_takes_the_plate_motion_off() -> None:
    lon, lat, sigma_m = cgcs2000_from_frame(frame_of("ITRF2020"), 111.75, 40.84, 2026.9)
    east, north = LocalFrame.at(111.75, 40.84).residuals(lon, lat)[0]
    assert east == pytest.approx(-0.783, abs=0.002)
    assert north == pytest.approx(0.245, abs=0.002)
    assert 0.03 <= sigma_m[0] <= 0.055


def test_nothing_is_taken_off_at_2000_but_the_frame() -> None:
    shift = plate_shift_m(111.75, 40.84, frame_of("ITRF2020"), 2000.0)[0]
    assert np.abs(shift).max() < 0.04
    assert np.abs(plate_shift_m(111.75, 40.84, frame_of("ITRF97"), 2000.0)).max() < 1e-6


@pytest.mark.parametrize(
    ("lon", "lat", "east_m", "north_m"),
    [
        (111.75, 40.84, 0.832, -0.250),
        (101.07, 41.96, 0.855, -0.158),
        (119.77, 49.21, 0.780, -0.313),
    ],
)
def test_the_fitted_pole(lon: float, lat: float, east_m: float, north_m: float) -> None:
    shift = NORTH_CHINA_POLE.velocity_m_per_year(lon, lat)[0] * 26.9
    assert shift == pytest.approx([east_m, north_m], abs=0.004)


CHINESE = ["EPSG:4490", "EPSG:4610", "EPSG:4214", "EPSG:4555"]


@pytest.mark.parametrize("source", [*CHINESE, "WGS84", "GCJ-02", "BD-09"])
@pytest.mark.parametrize("target", [*CHINESE, "WGS84"])
def test_no_chinese_datum_is_changed_in_silence(source: str, target: str) -> None:
    from_system, to_system = ReferenceSystem.parse(source), ReferenceSystem.parse(target)
    if from_system.datum == to_system.datum:
        return
    with pytest.raises(NotComparable):
        lonlat_between(from_system, to_system, np.array([111.75]), np.array([40.84]))


def test_an_epoch_is_needed_for_a_moving_frame() -> None:
    lon, lat = np.array([111.75]), np.array([40.84])
    with pytest.raises(NotComparable):
        lonlat_between(ReferenceSystem.parse("ITRF2014"), CGCS2000, lon, lat)
    out_lon, _, sigma_m = lonlat_between(
        ReferenceSystem.parse("ITRF2014@2024.5"), CGCS2000, lon, lat
    )
    assert out_lon[0] < 111.75
    assert sigma_m[0] > 0.02


def test_other_datums_go_through_proj_with_its_accuracy() -> None:
    source, target = ReferenceSystem.parse("EPSG:27700"), ReferenceSystem.parse("EPSG:4326")
    lon, lat, sigma_m = lonlat_between(source, target, np.array([-3.2]), np.array([55.9]))
    assert 1.0 <= sigma_m[0] <= 10.0
    assert abs(lon[0] + 3.2) > 5e-4 or abs(lat[0] - 55.9) > 5e-5


def test_vectors_agree_with_the_geodesic() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(97, 126, 400), rng.uniform(37.5, 53, 400)
    length = 10 ** rng.uniform(-2, 4, 400)
    azimuth = rng.uniform(0, 360, 400)
    geod = pyproj.Geod(a=GRS80.semi_major_m, rf=GRS80.inverse_flattening)
    lon2, lat2, _ = geod.fwd(lon, lat, azimuth, length)
    vectors = LocalFrame.at(lon, lat).residuals(np.asarray(lon2), np.asarray(lat2))
    distance_m, bearing_deg = distance_and_bearing(vectors)
    near = length < 1_000
    assert np.abs(distance_m - length)[near].max() < 2e-4
    assert np.abs(distance_m - length).max() < 5e-3
    turned = (bearing_deg - azimuth + 180) % 360 - 180
    assert (np.abs(np.radians(turned)) * length)[near].max() < 1e-3


def test_a_vector_leads_back_to_its_point() -> None:
    frame = LocalFrame.at([111.75, 120.1], [40.84, 50.2])
    vectors = np.array([[12.0, -7.0], [-300.0, 450.0]])
    assert frame.residuals(*frame.moved(vectors)) == pytest.approx(vectors, abs=1e-6)
