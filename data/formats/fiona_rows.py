"""Layers that GDAL reads through fiona: only in the reading process, by one named driver."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from data.errors import Fault, InvalidFile
from data.formats.cells import value_text
from data.formats.geojson import geometry_fault
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.reading import RawRow

_CRS_CONFIDENCE = 90
"""How sure PROJ is to be, in percent, before a description is taken for an EPSG code."""


def _gdal_errors() -> tuple[type[Exception], ...]:
    # Here and below fiona comes in only when a layer is opened: a process that also holds
    # another library's GDAL may import this module and must not get a second one by it.
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError, FionaValueError

    return FionaError, FionaValueError, CPLE_BaseError, UnicodeDecodeError


def open_layer(path: Path, driver: str, **options: Any) -> Any:
    """A fiona collection, opened by this driver and no other; `InvalidFile` if it cannot."""
    import fiona

    # fiona itself says ValueError where a data set has no layer.
    unreadable: tuple[type[Exception], ...] = (*_gdal_errors(), ValueError)
    try:
        return fiona.open(path, enabled_drivers=[driver], **options)
    except unreadable as error:
        raise damaged() from error


def damaged() -> InvalidFile:
    """The refusal of a data set that GDAL cannot read."""
    return InvalidFile(
        "the data set is damaged, or not what it says it is; export it again",
        "数据集已损坏，或与其格式不符；请重新导出",
    )


def crs_text(collection: Any) -> str | None:
    """The layer's reference system as "EPSG:n" where that is sure, else as WKT."""
    crs = collection.crs
    if not crs:
        return None
    code = crs.to_epsg(confidence_threshold=_CRS_CONFIDENCE)
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def rows(collection: Any, columns: list[str]) -> Iterator[RawRow]:
    """The features, numbered from 1; `InvalidFile` names the one that cannot be read."""
    unreadable: tuple[type[Exception], ...] = (*_gdal_errors(), ValueError, TypeError)
    number = 0
    with collection:
        features = iter(collection)
        while True:
            number += 1
            try:
                feature = next(features, None)
            except unreadable as error:
                raise InvalidFile(
                    f"feature {number} cannot be read; export the data set again",
                    f"第 {number} 个要素无法读取；请重新导出数据集",
                ) from error
            if feature is None:
                return
            yield _row(number, feature, columns)


def _row(number: int, feature: Any, columns: list[str]) -> RawRow:
    faults: list[Fault] = []
    properties = feature.properties
    cells = [_text(properties.get(name)) for name in columns]
    wkb = None
    if feature.geometry is not None:
        try:
            wkb = to_wkb(_mapping(feature.geometry))
        except BadGeometryError as error:
            faults.append(geometry_fault(number, error))
    return number, cells, wkb, faults


def _mapping(geometry: Any) -> Mapping[str, Any]:
    if geometry.type == "GeometryCollection":
        return {"type": geometry.type, "geometries": [_mapping(g) for g in geometry.geometries]}
    return {"type": geometry.type, "coordinates": geometry.coordinates}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return value_text(value)
