"""A batch as arrays: the rows that have a marker and a position, ready for tests and hypotheses.

All arrays have one entry per row, n in all. Vectors are observed minus registered, east and north
in metres on the horizon of the registered point; degrees are in the store's system.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import principal_axes
from data.coordinates import LocalFrame, ReferenceSystem, TypedPair

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one submission.

    `registered`: frames at the registered points; `lon`, `lat`: observed, degrees. `vectors_m`
    (n, 2): as read, certain repairs done. `covariance` (n, 2, 2): register, observation, centring,
    rounding and datum change. `sigma_m`: its largest per axis; `observation_sigma_m` and
    `register_sigma_m`: the parts. `tolerance_m`: NaN where unknown. `survey_grade`, `phone`: what
    the method can claim. `year`, `register_year`: of observation and of the
    registered survey, NaN where unknown. `session`, `marker`: integers; `surveyor`, `device`,
    `day`: texts. `pairs`, `systems`: what was typed and how it was read.
    """

    registered: LocalFrame
    lon: Floats
    lat: Floats
    vectors_m: Floats
    covariance: Floats
    sigma_m: Floats
    observation_sigma_m: Floats
    register_sigma_m: Floats
    tolerance_m: Floats
    survey_grade: Flags
    phone: Flags
    year: Floats
    register_year: Floats
    session: NDArray[np.intp]
    marker: NDArray[np.intp]
    surveyor: tuple[str, ...]
    device: tuple[str, ...]
    day: tuple[str, ...]
    pairs: tuple[TypedPair, ...]
    systems: tuple[ReferenceSystem, ...]
    repaired: Flags

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.sigma_m)

    @property
    def distance_m(self) -> Floats:
        """Length of the vectors as read."""
        return np.asarray(np.hypot(self.vectors_m[:, 0], self.vectors_m[:, 1]), float)

    def take(self, rows: NDArray[np.intp]) -> "Batch":
        """Some of the rows, by index."""
        return Batch(
            self.registered.take(rows),
            self.lon[rows],
            self.lat[rows],
            self.vectors_m[rows],
            self.covariance[rows],
            self.sigma_m[rows],
            self.observation_sigma_m[rows],
            self.register_sigma_m[rows],
            self.tolerance_m[rows],
            self.survey_grade[rows],
            self.phone[rows],
            self.year[rows],
            self.register_year[rows],
            self.session[rows],
            self.marker[rows],
            tuple(self.surveyor[i] for i in rows),
            tuple(self.device[i] for i in rows),
            tuple(self.day[i] for i in rows),
            tuple(self.pairs[i] for i in rows),
            tuple(self.systems[i] for i in rows),
            self.repaired[rows],
        )


def largest_sigma_m(covariance: Floats) -> Floats:
    """The largest sigma per axis of covariances (n, 2, 2)."""
    return principal_axes(covariance)[0]
