"""PROJ, which is asked through this room alone (投影库).

It is loaded with the first question: 10 MB and a tenth of a second that a command does without when
it reads and writes positions as they stand.
"""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Floats = NDArray[np.float64]


def system_of_code(epsg: int) -> "CRS | None":
    """The reference system of an EPSG code; None where there is none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_epsg(epsg)
    except CRSError:
        return None


def system(epsg: int) -> "CRS":
    """The reference system of an EPSG code that is known to be one."""
    from pyproj import CRS

    return CRS.from_epsg(epsg)


def system_of_wkt(wkt: str) -> "CRS | None":
    """The reference system that WKT describes; None where it is none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_wkt(wkt)
    except CRSError:
        return None


def pipeline(steps: str) -> "Transformer":
    """What PROJ makes of a pipeline."""
    from pyproj import Transformer

    return Transformer.from_pipeline(steps)


@lru_cache(maxsize=32)
def _kept_pipeline(steps: str) -> "Transformer":
    return pipeline(steps)


def changed(steps: str, x: Floats, y: Floats, *, inverse: bool) -> tuple[Floats, Floats] | None:
    """Positions after a pipeline, or before it; None where it does not reach one of them."""
    from pyproj.exceptions import ProjError

    direction = "INVERSE" if inverse else "FORWARD"
    try:
        out_x, out_y = _kept_pipeline(steps).transform(x, y, direction=direction, errcheck=True)
    except ProjError:
        return None
    found = np.asarray(out_x, float), np.asarray(out_y, float)
    return found if all(np.isfinite(part).all() for part in found) else None


def projection(
    source: "CRS | int", target: "CRS | int | None", *, ballpark: bool = False
) -> "Transformer":
    """From one system to another, longitude or easting first.

    Args:
        source: a system or its EPSG code.
        target: the same.
        ballpark: whether a step that ignores the datum is allowed; else it is an error.
    """
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=ballpark)


@lru_cache(maxsize=64)
def best_operation(
    source_epsg: int, target_epsg: int, box: tuple[float, float, float, float]
) -> "tuple[Transformer, float] | None":
    """The most accurate change of datum in a box, and its accuracy in metres; None for none."""
    from pyproj.exceptions import ProjError
    from pyproj.transformer import AreaOfInterest, TransformerGroup

    with warnings.catch_warnings():
        # It warns that a better grid exists elsewhere; the accuracy of what is used is kept.
        warnings.simplefilter("ignore", UserWarning)
        try:
            group = TransformerGroup(
                source_epsg,
                target_epsg,
                always_xy=True,
                allow_ballpark=False,
                area_of_interest=AreaOfInterest(*box),
            )
        except ProjError:
            return None
    for transformer in group.transformers:
        if transformer.accuracy is not None and transformer.accuracy >= 0:
            return transformer, float(transformer.accuracy)
    return None
