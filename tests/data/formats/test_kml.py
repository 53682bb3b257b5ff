import io
import zipfile
from collections.abc import Callable

import pytest
import shapely

from data.errors import InvalidFile

from .conftest import Read, shape_of

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


def kml(inside: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>{inside}'
        "</Folder></Document></kml>"
    )


POINT = "<Point><coordinates> 111.75,40.8,1200 </coordinates></Point>"


def placemark(inside: str, name: str = "1521001Q") -> str:
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


def test_placemarks_give_name_time_extended_data_and_geometry(read: Reader) -> None:
    data = (
        '<ExtendedData><Data name="状况"><displayName>x</displayName><value>完好</value></Data>'
        '<SchemaData><SimpleData name="高程">12.5</SimpleData></SchemaData></ExtendedData>'
    )
    when = "<TimeStamp><when>2026-05-03T01:02:03Z</when></TimeStamp>"
    found = read(
        kml(placemark(POINT) + placemark(data + when + "<description>看</description>", "2"))
    )
    assert found.table.format == "kml"
    assert found.table.crs == "OGC:CRS84"
    assert found.table.columns == ("name", "description", "when", "状况", "高程")
    assert found.cells == [
        ("1521001Q", "", "", "", ""),
        ("2", "看", "2026-05-03T01:02:03Z", "完好", "12.5"),
    ]
    assert shape_of(found.rows[0]).wkt == "POINT Z (111.75 40.8 1200)"
    assert found.rows[1].geometry is None


RING = "<LinearRing><coordinates>0,0 4,0 4,4 0,0</coordinates></LinearRing>"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<LineString><coordinates>0,0\n1,1</coordinates></LineString>", "LINESTRING (0 0, 1 1)"),
        (
            f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0))",
        ),
        (
            "<MultiGeometry>"
            + "<Point><coordinates>1,2</coordinates></Point>" * 2
            + "</MultiGeometry>",
            "MULTIPOINT ((1 2), (1 2))",
        ),
        (
            f"<MultiGeometry><Point><coordinates>1,2</coordinates></Point>{RING}</MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 4 0, 4 4, 0 0))",
        ),
    ],
)
def test_geometries(read: Reader, inside: str, expected: str) -> None:
    geometry = shape_of(read(kml(placemark(inside))).rows[0])
    assert shapely.to_wkt(geometry, trim=True) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "<Point><coordinates>111.75;40.8</coordinates></Point>",
        "<Point><coordinates>nan,1</coordinates></Point>",
        "<Track><when>x</when></Track>",
        "<MultiGeometry><MultiGeometry></MultiGeometry></MultiGeometry>",
    ],
)
def test_geometries_that_cannot_be_taken_are_faults(read: Reader, inside: str) -> None:
    assert read(kml(placemark(inside))).faults == [("bad-geometry", 1, None)]


def test_links_are_counted_and_never_followed(read: Reader, canary: tuple[str, list[str]]) -> None:
    url, asked = canary
    links = (
        f"<NetworkLink><Link><href>{url}/a.kml</href></Link></NetworkLink>"
        f"<GroundOverlay><Icon><href>{url}/b.png</href></Icon></GroundOverlay>"
        f"<Style><IconStyle><Icon><href>{url}/c.png</href></Icon></IconStyle></Style>"
    )
    found = read(kml(links * 2 + placemark(POINT)))
    assert [note.value for note in found.table.notes] == ["NetworkLink × 2, GroundOverlay × 2"]
    assert found.cells == [("1521001Q",)]
    assert asked == []


LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "{url}/x">]>',
        '<!DOCTYPE kml SYSTEM "{url}/kml.dtd">',
        '<!DOCTYPE kml [<!ENTITY % p SYSTEM "{url}/p"> %p;]>',
        f'<!DOCTYPE kml [<!ENTITY l0 "ha">{LAUGHS}]>',
        "<!DOCTYPE kml>",
    ],
)
def test_document_types_and_entities_are_refused(
    refusal: Refusal, canary: tuple[str, list[str]], declared: str
) -> None:
    url, asked = canary
    text = kml(placemark("<description>&x;&l11;</description>"), declared.replace("{url}", url))
    assert "document type or entities" in refusal(text).message
    assert asked == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (kml(placemark(POINT))[:-20], "line 1"),
        (kml("<Folder>" * 100 + "</Folder>" * 100), "nested deeper"),
        (kml(""), "not one row"),
        ('<?xml version="1.0" encoding="gb18030"?><kml></kml>', "encoding"),
    ],
)
def test_broken_xml_is_refused(refusal: Refusal, text: str, reason: str) -> None:
    assert reason in refusal(text).message


def test_a_kmz_is_read_by_its_topmost_kml(read: Reader) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/other.kml", kml(placemark(POINT, "other")))
        archive.writestr("doc.kml", kml(placemark(POINT, "main")))
        archive.writestr("files/picture.png", b"\x89PNG")
    found = read(out.getvalue())
    assert found.table.format == "kmz"
    assert found.cells == [("main",)]
