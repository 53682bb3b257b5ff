"""What goes into the field: the tour as GPX, and a package that QField and QGIS open with forms.

The package is a GeoPackage with the markers to visit, the line, and an empty layer of observations
whose columns are those that inspection files have; value lists stand in the layer's style
(`layer_styles`, which QGIS reads) and in a project file beside it.
"""

import io
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pyproj import CRS
from sqlalchemy import Connection, create_engine, event, text

from data import geopackage
from data.geometry import MULTILINESTRING, POINT, encode_gpkg, point_wkb, wkb_bounds
from data.reference import terms
from data.work_folders import work_folder

_PACKAGE = "round.gpkg"
_OBSERVATION = (
    ("marker_no", "界桩编号", "TEXT", ""),
    ("observed_at", "检查日期", "DATE", "DateTime"),
    ("condition", "界桩状况", "TEXT", "conditions"),
    ("method", "测量方法", "TEXT", "methods"),
    ("surveyor", "检查人", "TEXT", ""),
    ("side", "检查方", "TEXT", "sides"),
    ("session", "测段", "TEXT", ""),
    ("tie1_distance", "方位物1距离", "DOUBLE", ""),
    ("tie2_distance", "方位物2距离", "DOUBLE", ""),
    ("tie3_distance", "方位物3距离", "DOUBLE", ""),
    ("proof", "实物证据", "TEXT", "yes_no"),
    ("photo", "照片", "TEXT", "ExternalResource"),
    ("remark", "备注", "TEXT", ""),
)
_MARKER = (("stop", "INTEGER"), ("marker_no", "TEXT"), ("status", "TEXT"))


def route_gpx(title: str, tour: Sequence[Mapping[str, Any]]) -> bytes:
    """A tour as GPX 1.1: way points and a route in their order.

    GPX knows WGS 84 alone; the register's CGCS2000 differs from it by less than a metre, which is
    enough to find a marker and never to judge one.
    """
    points = [
        f'lat="{one["lat"]:.8f}" lon="{one["lon"]:.8f}"><name>{escape(one["marker_no"])}</name>'
        f"<desc>{one['stop']}</desc>"
        for one in tour
    ]
    waypoints = "".join(f"<wpt {point}</wpt>" for point in points)
    route = "".join(f"<rtept {point}</rtept>" for point in points)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Ovoo" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<metadata><name>{escape(title)}</name></metadata>"
        f"{waypoints}<rte><name>{escape(title)}</name>{route}</rte></gpx>\n"
    ).encode()


def field_package(
    title: str,
    tour: Sequence[Mapping[str, Any]],
    lines: Sequence[tuple[str, bytes]],
    sides: Mapping[str, str],
    srid: int,
) -> bytes:
    """A zip with the GeoPackage, the project file and the tour.

    Args:
        title: the round's name.
        tour: markers in their order, as `tour` gives them.
        lines: name and WKB of each line.
        sides: the parties' names by code.
        srid: the EPSG code of the positions.
    """
    lists = _value_lists(sides)
    with work_folder("round") as folder:
        path = folder / _PACKAGE
        _write_package(path, tour, lines, lists, srid)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.write(path, _PACKAGE)
            bundle.writestr("round.qgs", _project(title, lists, srid))
            bundle.writestr("route.gpx", route_gpx(title, tour))
    return made.getvalue()


def _value_lists(sides: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What a form offers, shown and stored: words that an inspection file may hold."""
    return {
        "conditions": [(one.zh, one.zh) for one in terms("conditions")],
        "methods": [(one.zh, one.zh) for one in terms("methods")],
        "sides": [(name, code) for code, name in sides.items()],
        "yes_no": [("否", "否"), ("是", "是")],
    }


def _write_package(
    path: Path,
    tour: Sequence[Mapping[str, Any]],
    lines: Sequence[tuple[str, bytes]],
    lists: Mapping[str, Sequence[tuple[str, str]]],
    srid: int,
) -> None:
    engine = create_engine(f"sqlite:///{path}")

    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        geopackage.register_functions(connection)

    event.listen(engine, "connect", prepare)
    with engine.begin() as connection:
        geopackage.create_core_tables(connection, srid)
        _layer(connection, "markers", POINT, srid, "界桩 markers", _MARKER)
        _layer(connection, "lines", MULTILINESTRING, srid, "界线 lines", (("name", "TEXT"),))
        columns = tuple((name, kind) for name, _, kind, _ in _OBSERVATION)
        _layer(connection, "observations", POINT, srid, "检查 observations", columns)
        for one in tour:
            wkb = point_wkb(one["lon"], one["lat"])
            _insert(connection, "markers", wkb, srid, {n: one[n] for n, _ in _MARKER})
        for name, wkb in lines:
            _insert(connection, "lines", wkb, srid, {"name": name})
        _styles(connection, lists)
    engine.dispose()


def _layer(
    connection: Connection,
    name: str,
    kind: str,
    srid: int,
    title: str,
    columns: Sequence[tuple[str, str]],
) -> None:
    listed = ", ".join(f'"{column}" {type_}' for column, type_ in columns)
    connection.exec_driver_sql(
        f"CREATE TABLE {name} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        f" geom {kind}, {listed})"
    )
    geopackage.register_layer(connection, name, kind, srid, title)


def _insert(
    connection: Connection, layer: str, wkb: bytes, srid: int, values: Mapping[str, Any]
) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(
        text(f"INSERT INTO {layer} (geom, {names}) VALUES (:geom, {marks})"),
        {**values, "geom": encode_gpkg(wkb, srid)},
    )
    geopackage.widen_extent(connection, layer, wkb_bounds(wkb))


def _styles(connection: Connection, lists: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """The table in which QGIS keeps a layer's default style, with the form in it."""
    connection.exec_driver_sql(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        " f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),"
        " f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,"
        " useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
        " update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
    )
    geopackage.register_attributes(connection, "layer_styles", "styles of layers")
    connection.execute(
        text(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner)"
            " VALUES ('', '', 'observations', 'geom', 'form', :qml, '', 1, '', '')"
        ),
        {"qml": f'<!DOCTYPE qgis PUBLIC \'http://mrcc.com/qgis.dtd\' \'SYSTEM\'>'
                f'<qgis version="3.28.0" styleCategories="Fields|Forms">{_form(lists)}</qgis>'},
    )  # fmt: skip


def _form(lists: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The form of observations: an editing widget and a name for each field."""
    fields = "".join(
        f"<field name={quoteattr(name)}>{_widget(widget, lists)}</field>"
        for name, _, _, widget in _OBSERVATION
    )
    aliases = "".join(
        f'<alias field={quoteattr(name)} index="{place}" name={quoteattr(zh)}/>'
        for place, (name, zh, _, _) in enumerate(_OBSERVATION, start=1)
    )
    return (
        f"<fieldConfiguration>{fields}</fieldConfiguration><aliases>{aliases}</aliases>"
        "<editorlayout>generatedlayout</editorlayout>"
    )


def _widget(widget: str, lists: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    if widget in lists:
        pairs = "".join(
            f'<Option type="Map"><Option type="QString" name={quoteattr(shown)}'
            f" value={quoteattr(stored)}/></Option>"
            for shown, stored in lists[widget]
        )
        options = f'<Option type="List" name="map">{pairs}</Option>'
        return _edit("ValueMap", options)
    if widget == "DateTime":
        return _edit(
            "DateTime",
            '<Option type="QString" name="field_format" value="yyyy-MM-dd"/>'
            '<Option type="QString" name="display_format" value="yyyy-MM-dd"/>'
            '<Option type="bool" name="calendar_popup" value="true"/>',
        )
    if widget == "ExternalResource":
        return _edit(
            "ExternalResource",
            '<Option type="int" name="DocumentViewer" value="1"/>'
            '<Option type="int" name="RelativeStorage" value="1"/>'
            '<Option type="int" name="StorageMode" value="0"/>',
        )
    return _edit("TextEdit", "")


def _edit(kind: str, options: str) -> str:
    return (
        f'<editWidget type="{kind}"><config><Option type="Map">{options}</Option></config>'
        "</editWidget>"
    )


def _project(title: str, lists: Mapping[str, Sequence[tuple[str, str]]], srid: int) -> str:
    """A QGIS project with the three layers and the form."""
    layers = (
        ("observations", "检查", "Point", _form(lists)),
        ("markers", "界桩", "Point", ""),
        ("lines", "界线", "Line", ""),
    )
    wkt = escape(CRS.from_epsg(srid).to_wkt())
    system = (
        f'<spatialrefsys nativeFormat="Wkt"><wkt>{wkt}</wkt><srid>{srid}</srid>'
        f"<authid>EPSG:{srid}</authid></spatialrefsys>"
    )
    tree = "".join(
        f'<layer-tree-layer id="{name}_of_the_round" name="{zh}" checked="Qt::Checked"'
        f' providerKey="ogr" source="./{_PACKAGE}|layername={name}"/>'
        for name, zh, _, _ in layers
    )
    made = "".join(
        f'<maplayer type="vector" geometry="{kind}" hasScaleBasedVisibilityFlag="0">'
        f"<id>{name}_of_the_round</id><datasource>./{_PACKAGE}|layername={name}</datasource>"
        f'<layername>{zh}</layername><srs>{system}</srs><provider encoding="UTF-8">ogr</provider>'
        f"{form}</maplayer>"
        for name, zh, kind, form in layers
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f'<qgis projectname={quoteattr(title)} version="3.28.0"><title>{escape(title)}</title>'
        "<properties><SpatialRefSys><ProjectionsEnabled type='int'>1</ProjectionsEnabled>"
        "</SpatialRefSys></properties>"
        f"<projectCrs>{system}</projectCrs><layer-tree-group>{tree}</layer-tree-group>"
        f"<projectlayers>{made}</projectlayers></qgis>"
    )
