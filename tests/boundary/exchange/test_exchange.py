"""Markers and lines as registers and through mapping files: out, and back into an empty store."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from boundary import LINES, MARKERS, lines_loader, markers_loader
from boundary.tables import line, marker, witness_object
from data.asking import ItemsQuery
from data.collection import Collection
from data.errors import FaultsFound, InvalidFile
from data.export import Profile
from data.loading import LoadOptions, load_file
from data.mapping import read_mapping
from data.store import Store, create_store
from gazetteer.exchange import Export, choose
from gazetteer.exchange.exporting import write_file
from gazetteer.exchange.mapped import mapped_profile

MAPPING = """
record = "markers"
name = "an office's own format"
source = "drawn for a test"

[fields]
JZBH = "marker_no"
XDM = "line_code"
JZLX = { field = "kind", values = "kinds" }
JD = "lon"
WD = "lat"
FWW = "tie1_name"
FWJ = "tie1_azimuth"
FWJL = "tie1_azimuth_kind"
JL = "tie1_distance"

[values.kinds]
"1" = "单立"
"2" = "同号双立（1 号）"

[constants]
BBH = "1.0"
"""


def write(
    store: Store, collection: Collection, path: Path, form: str | None, profile: Profile | str
) -> int:
    named = profile if isinstance(profile, str) else None
    format_, shape = choose(collection, form, named)
    asked = Export(collection, format_, ItemsQuery(), profile=shape, root="http://x/", whole=True)
    if not isinstance(profile, str):
        asked = Export(collection, format_, ItemsQuery(), profile=profile, whole=True)
    return write_file(store, asked, path, lambda *_: None)


def rows(store: Store, table: Table, *left_out: str) -> list[dict[str, Any]]:
    with store.read() as connection:
        found = connection.execute(select(table).order_by(table.c.id)).mappings().all()
    dropped = {"id", "version", *left_out}
    return [{key: row[key] for key in row if key not in dropped} for row in found]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_markers_come_back_from_their_register(filled: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write(filled, MARKERS, path, name[2:], "register") == 5
    with create_store(str(tmp_path / "second.gpkg")) as second:
        load_file(second, markers_loader(), path, "tester", LoadOptions())
        # The register has no mark of synthetic markers; positions are typed anew.
        beside = ("synthetic", "coordinate_text", "sequence", "kind")
        assert rows(second, marker, *beside) == rows(filled, marker, *beside)
        assert rows(second, witness_object) == rows(filled, witness_object)


@pytest.mark.parametrize("name", ["a.csv", "a.gpkg", "a.geojson"])
def test_lines_come_back_from_their_register(filled: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write(filled, LINES, path, name[2:], "register") == 1
    with create_store(str(tmp_path / "second.gpkg")) as second:
        load_file(second, lines_loader(), path, "tester", LoadOptions())
        left_out = ("length_basis", "state", "state_source")
        assert rows(second, line, *left_out) == rows(filled, line, *left_out)


@pytest.mark.parametrize("ending", ["toml", "csv"])
def test_a_mapping_file_carries_an_offices_own_names_and_codes(
    filled: Store, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"mapping.{ending}"
    table = (
        "external,field,external_value,value\nJZBH,marker_no,,\nXDM,line_code,,\n"
        "JZLX,kind,1,单立\nJZLX,kind,2,同号双立（1 号）\nJD,lon,,\nWD,lat,,\nFWW,tie1_name,,\n"
        "FWJ,tie1_azimuth,,\nFWJL,tie1_azimuth_kind,,\nJL,tie1_distance,,\n"
    )
    path.write_text(MAPPING if ending == "toml" else table, encoding="utf-8")
    mapping = read_mapping(path, "markers")
    out = tmp_path / "out.csv"
    assert write(filled, MARKERS, out, "csv", mapped_profile(MARKERS, mapping)) == 5
    text = out.read_text("utf-8-sig")
    head = text.splitlines()[0].split(",")
    assert head[:3] == ["JZBH", "XDM", "JZLX"]
    assert ("BBH" in head) == (ending == "toml")
    with create_store(str(tmp_path / "second.gpkg")) as second:
        load_file(second, markers_loader(), out, "tester", LoadOptions(mapping=mapping))
        kept = ("marker_no", "line_code", "geom")
        found = [{name: row[name] for name in kept} for row in rows(second, marker)]
        assert found == [{name: row[name] for name in kept} for row in rows(filled, marker)]
        assert rows(second, witness_object) == rows(filled, witness_object)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (('"marker_no"', '"no_such"'), "no such field"),
        (('XDM = "line_code"', 'XDM = "marker_no"'), "JZBH is the same field"),
        (('"2" = "同号双立（1 号）"', '"2" = "单立"'), "cannot be turned back"),
        (('record = "markers"', 'record = "towers"'), "it is markers"),
        (("[constants]", "[colours]"), "a mapping has"),
        (("[constants]", "[[constants]]"), "it is a table"),
        (("[values.kinds]", "[[values.kinds]]"), "it is a table"),
        (('values = "kinds"', "values = 1"), "named by a text"),
        (('BBH = "1.0"', 'JZBH = "1.0"'), "a field and a constant"),
    ],
)
def test_a_wrong_mapping_is_told_before_anything_is_done(
    tmp_path: Path, change: tuple[str, str], word: str
) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(FaultsFound) as caught:
        read_mapping(path, "markers")
    assert word in " ".join(fault.en for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("JZBH,marker_no,,\nJZBH,line_code,,\n", "marker_no | line_code"),
        ("JZLX,kind,1,单立\nJZLX,kind,1,同号三立\n", "1=单立 | 1=同号三立"),
    ],
)
def test_a_column_of_a_mapping_table_is_one_thing(tmp_path: Path, rows: str, told: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"external,field,external_value,value\n{rows}", encoding="utf-8")
    with pytest.raises(FaultsFound) as caught:
        read_mapping(path, "markers")
    (fault,) = caught.value.faults
    assert (fault.row, fault.value) == (3, told)
    assert all(word in sentence for word in told.split(" | ") for sentence in (fault.zh, fault.en))


def test_what_is_no_mapping_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.toml", "= ="), ("a.csv", "a,b\n1,2\n")):
        (tmp_path / name).write_text(text)
        with pytest.raises(InvalidFile, match="no mapping file"):
            read_mapping(tmp_path / name, "markers")


@pytest.mark.parametrize("form", ["shp", "gpkg", "kml", "gpx", "dxf"])
@pytest.mark.parametrize("collection", [MARKERS, LINES])
def test_gis_and_cad_formats_take_the_mapped_names(
    filled: Store, tmp_path: Path, form: str, collection: Collection
) -> None:
    record = "markers" if collection is MARKERS else "lines"
    own = 'XDM = "line_code"' if record == "markers" else 'XDM = "code"'
    path = tmp_path / "m.toml"
    path.write_text(f'record = "{record}"\nname = "x"\n[fields]\n{own}\n', encoding="utf-8")
    out = tmp_path / f"out.{form}"
    profile = mapped_profile(collection, read_mapping(path, record))
    assert write(filled, collection, out, form, profile) > 0
    assert b"9901" in out.read_bytes() or form == "shp"
