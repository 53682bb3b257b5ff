"""From one datum to another, or a refusal.

PROJ silently does nothing between Beijing 1954, Xian 1980, New Beijing, CGCS2000 and ITRF, so it is
never asked: on one datum nothing changes; from a moving frame to CGCS2000 the plate motion is taken
off; between Chinese datums the operator's parameters are needed. Other pairs are asked of PROJ with
its do-nothing step forbidden and its stated accuracy kept.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.coordinates import datums, proj
from data.coordinates.datum_parameters import DatumParameters
from data.coordinates.datums import Datum
from data.coordinates.plate_motion import cgcs2000_from_frame
from data.coordinates.systems import ReferenceSystem
from data.errors import NotComparable

Floats = NDArray[np.float64]
_CHINESE = {"cgcs2000", "xian1980", "beijing1954", "new_beijing"}


def lonlat_between(
    source: ReferenceSystem,
    target: ReferenceSystem,
    lon: Floats,
    lat: Floats,
    parameters: Sequence[DatumParameters] = (),
) -> tuple[Floats, Floats, Floats]:
    """Degrees on the datum of `source` as degrees on the datum of `target`, arrays of one shape.

    Returns:
        lon, lat in degrees and one sigma per axis in metres of the change itself.

    Raises:
        NotComparable: the relation of the two datums is not stated.
    """
    if same_frame(source, target):
        return lon, lat, np.zeros_like(lon)
    for known in parameters:
        if known.relates(source.datum, target.datum):
            out_lon, out_lat = known.apply(source.datum, lon, lat)
            return out_lon, out_lat, np.full_like(lon, known.accuracy_m)
    if source.datum.diagnosis_only or target.datum.diagnosis_only:
        raise _refused(source, target, "offset map systems are only recognised, never converted")
    if target.datum.code == "cgcs2000" and source.datum.dynamic:
        return _from_moving_frame(source, lon, lat)
    # PROJ can take WGS 84 as a datum of known accuracy, but an ITRF position needs its own path.
    moving = source.datum.dynamic and source.datum.code != "wgs84"
    if {source.datum.code, target.datum.code} & _CHINESE or moving:
        raise _refused(source, target, "no datum parameters were supplied")
    return _by_proj(source.datum, target.datum, lon, lat)


def same_frame(source: ReferenceSystem, target: ReferenceSystem) -> bool:
    """Whether numbers of both systems are comparable as they stand."""
    if source.datum.code != target.datum.code:
        return False
    epochs = {source.epoch_year, target.epoch_year}
    return not source.datum.dynamic or None in epochs or len(epochs) == 1


def _from_moving_frame(
    source: ReferenceSystem, lon: Floats, lat: Floats
) -> tuple[Floats, Floats, Floats]:
    if source.epoch_year is None:
        raise _refused(source, None, "a position in a moving frame needs its epoch")
    return cgcs2000_from_frame(source.datum, lon, lat, source.epoch_year)


def _by_proj(
    source: Datum, target: Datum, lon: Floats, lat: Floats
) -> tuple[Floats, Floats, Floats]:
    if source.geographic_epsg is None or target.geographic_epsg is None or not lon.size:
        raise _refused_datums(source, target, "one of them has no EPSG code")
    box = (
        float(np.floor(lon.min())),
        float(np.floor(lat.min())),
        float(np.ceil(lon.max())),
        float(np.ceil(lat.max())),
    )
    operation = proj.best_operation(source.geographic_epsg, target.geographic_epsg, box)
    if operation is None:
        raise _refused_datums(source, target, "no operation of known accuracy exists here")
    transformer, accuracy_m = operation
    out_lon, out_lat = transformer.transform(lon, lat)
    return (
        np.asarray(out_lon, float),
        np.asarray(out_lat, float),
        np.full_like(lon, accuracy_m),
    )


def _refused(source: ReferenceSystem, target: ReferenceSystem | None, why: str) -> NotComparable:
    return _refused_datums(source.datum, target.datum if target else datums.CGCS2000_DATUM, why)


_WHY_ZH = {
    "no datum parameters were supplied": "未提供坐标转换参数",
    "a position in a moving frame needs its epoch": "动态框架坐标需注明历元",
    "offset map systems are only recognised, never converted": "偏移坐标系仅用于识别，不作转换",
    "one of them has no EPSG code": "其中之一没有 EPSG 编码",
    "no operation of known accuracy exists here": "此处没有已知精度的转换方法",
}


def _refused_datums(source: Datum, target: Datum, why: str) -> NotComparable:
    return NotComparable(
        f"{source.en} and {target.en} are not comparable: {why}",
        f"{source.zh} 与 {target.zh} 不可直接比较：{_WHY_ZH[why]}",
    )
