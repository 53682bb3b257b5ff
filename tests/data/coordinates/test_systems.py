"""Reference systems by what people type."""

import pytest

from data.coordinates import ReferenceSystem, meridian_of_zone, zone_meridian_near
from data.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("CGCS2000", "cgcs2000"),
        ("国家2000", "cgcs2000"),
        ("2000坐标系", "cgcs2000"),
        ("2000国家大地坐标系", "cgcs2000"),
        ("CGCS 2000", "cgcs2000"),
        ("ＣＧＣＳ２０００", "cgcs2000"),
        ("EPSG:4490", "cgcs2000"),
        ("4490", "cgcs2000"),
        ("大地2000", "cgcs2000"),
        ("2000", "cgcs2000"),
        ("urn:ogc:def:crs:EPSG::4490", "cgcs2000"),
        ("西安80", "xian1980"),
        ("1980西安坐标系", "xian1980"),
        ("Xi'an 1980", "xian1980"),
        ("EPSG:4610", "xian1980"),
        ("80坐标系", "xian1980"),
        ("XA80", "xian1980"),
        ("北京54", "beijing1954"),
        ("1954年北京坐标系", "beijing1954"),
        ("BJ54", "beijing1954"),
        ("54坐标系", "beijing1954"),
        ("EPSG:4214", "beijing1954"),
        ("Beijing 1954", "beijing1954"),
        ("新1954年北京坐标系", "new_beijing"),
        ("New Beijing", "new_beijing"),
        ("4555", "new_beijing"),
        ("WGS84", "wgs84"),
        ("WGS-84", "wgs84"),
        ("EPSG:4326", "wgs84"),
        ("GPS坐标", "wgs84"),
        ("ITRF2014", "itrf2014"),
        ("ITRF97", "itrf97"),
        ("IGS20", "itrf2020"),
        ("EPSG:7912", "itrf2014"),
        ("GCJ-02", "gcj02"),
        ("百度坐标", "bd09"),
        ("火星坐标系", "gcj02"),
        ("EPSG:27700", "epsg:4277"),
        ("EPSG:4258", "epsg:4258"),
    ],
)
def test_datums(text: str, datum: str) -> None:
    assert ReferenceSystem.parse(text).datum.code == datum


@pytest.mark.parametrize(
    ("text", "meridian", "width"),
    [
        ("CGCS2000 3度带 中央子午线114", 114.0, 3),
        ("国家2000三度带，中央经线111°", 111.0, 3),
        ("西安80 6度带 中央子午线111", 111.0, 6),
        ("CGCS2000 / 3-degree Gauss-Kruger CM 114E", 114.0, 3),
        ("CGCS2000_3_Degree_GK_CM_114E", 114.0, 3),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 38", 114.0, 3),
        ("北京54 19带", 111.0, 6),
        ("CGCS2000 第38带", 114.0, 3),
        ("EPSG:4547", 114.0, None),
        ("EPSG:4526", 114.0, 3),
        ("EPSG:4497", 111.0, 6),
        ("EPSG:2366", 126.0, 3),
        ("EPSG:21417", 99.0, 6),
        ("EPSG:4768", 96.0, 3),
        ("CGCS2000 高斯", None, None),
        ("CGCS2000 3度带", None, 3),
        ("CGCS2000 中央子午线112.5", 112.5, None),
        ("2000国家大地坐标系3度带中央子午线120", 120.0, 3),
    ],
)
def test_gauss_kruger_zones(text: str, meridian: float | None, width: int | None) -> None:
    system = ReferenceSystem.parse(text)
    assert system.kind == "gauss_kruger"
    assert (system.central_meridian_deg, system.zone_width_deg) == (meridian, width)


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("ITRF2014@2024.5", 2024.5),
        ("ITRF2020 历元2025.3", 2025.3),
        ("WGS84 epoch 2024", 2024.0),
        ("CGCS2000", None),
    ],
)
def test_epochs(text: str, epoch: float | None) -> None:
    assert ReferenceSystem.parse(text).epoch_year == epoch


@pytest.mark.parametrize("text", ["", "abc", "EPSG:99999", "CGCS2000 第99带", "GEOGCS[broken"])
def test_what_names_no_system_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        ReferenceSystem.parse(text)
    assert caught.value.field == "crs"


@pytest.mark.parametrize("zone", [*range(25, 46)])
def test_every_epsg_code_of_cgcs2000_names_its_meridian(zone: int) -> None:
    for first in (4513, 4534):
        system = ReferenceSystem.parse(f"EPSG:{first + zone - 25}")
        assert system.central_meridian_deg == 3.0 * zone


def test_well_known_text_of_a_shapefile() -> None:
    text = (
        'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
        'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    system = ReferenceSystem.parse(text)
    assert (system.datum.code, system.central_meridian_deg) == ("cgcs2000", 114.0)


def test_zones() -> None:
    assert meridian_of_zone(32) == (3, 96.0)
    assert meridian_of_zone(21) == (6, 123.0)
    assert zone_meridian_near(111.75, 3) == 111.0
    assert zone_meridian_near(119.77, 6) == 117.0
    assert zone_meridian_near(119.77, 3) == 120.0


@pytest.mark.parametrize("text", ["EPSG:4490@1.2.3", "EPSG:4490@...", "EPSG:4490@20001"])
def test_an_epoch_that_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="no known reference system"):
        ReferenceSystem.parse(text)


def test_the_degrees_of_a_central_meridian_are_no_width_of_its_zone() -> None:
    assert ReferenceSystem.parse("国家2000 中央子午线123度").zone_width_deg is None
    assert ReferenceSystem.parse("国家2000 中央子午线123度 6度带").zone_width_deg == 6
    assert ReferenceSystem.parse("国家2000 6度带 中央子午线123度").zone_width_deg == 6
