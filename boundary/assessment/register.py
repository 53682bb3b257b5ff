"""The register side of an assessment: markers as the agreement has them, as values and arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.coordinates import Ellipsoid, LocalFrame
from data.errors import InvalidValue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WitnessObject:
    """A witness object (方位物) as registered: metres and degrees, None where not recorded.

    `azimuth_kind` is `grid`, `magnetic` or `true`; empty where the register does not say.
    """

    name: str
    distance_m: float | None = None
    azimuth_deg: float | None = None
    azimuth_kind: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An earlier accepted inspection: observed minus registered, metres, one sigma per axis.

    `sigma_m` is of the observation alone, without the register's own.
    """

    observed_on: date
    east_m: float
    north_m: float
    sigma_m: float
    session: str = ""
    survey_grade: bool = True


@dataclass(frozen=True, slots=True)
class RegisteredMarker:
    """A marker as registered; the position is the legal one and never changes here.

    `lon`, `lat` in degrees in the store's system. `sigma_m`: one sigma per axis of the registered
    position; `tolerance_m`: the largest displacement that does not matter; both in metres, None
    where nobody stated them, and then no verdict on the position is possible.
    """

    marker_no: str
    lon: float
    lat: float
    marker_id: int | None = None
    line_code: str = ""
    line_name: str = ""
    kind: str = ""
    sigma_m: float | None = None
    tolerance_m: float | None = None
    tolerance_source: str = ""
    accuracy_class: str = ""
    surveyed_on: date | None = None
    height_m: float | None = None
    height_datum: str = ""
    witness: tuple[WitnessObject, ...] = ()
    visits: tuple[Visit, ...] = ()
    synthetic: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.lon) and np.isfinite(self.lat) and abs(self.lat) <= 90):  # noqa: PLR2004
            raise InvalidValue(
                "register", (self.lon, self.lat), "a registered position is finite degrees",
                "correct the register", f"界桩“{self.marker_no}”的登记位置无效",
            )  # fmt: skip
        for name in ("sigma_m", "tolerance_m"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise InvalidValue(
                    name, value, "this is a positive number of metres", "correct the register",
                    f"界桩“{self.marker_no}”的 {name} 应为正数（米）",
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Register:
    """The markers with their arrays: `frame` (m,), `sigma_m` and `tolerance_m` (NaN if unknown)."""

    markers: tuple[RegisteredMarker, ...]
    frame: LocalFrame
    sigma_m: Floats
    tolerance_m: Floats

    @classmethod
    def of(cls, markers: Sequence[RegisteredMarker], ellipsoid: Ellipsoid) -> "Register":
        """The arrays of some markers, in their order."""
        return cls(
            tuple(markers),
            LocalFrame.at([m.lon for m in markers], [m.lat for m in markers], ellipsoid),
            np.array([np.nan if m.sigma_m is None else m.sigma_m for m in markers]),
            np.array([np.nan if m.tolerance_m is None else m.tolerance_m for m in markers]),
        )
