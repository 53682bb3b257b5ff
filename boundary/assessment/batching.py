"""Cases with a marker and a position, as the arrays of a batch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.cases import Case
from boundary.assessment.register import Register, RegisteredMarker
from boundary.assessment.settings import AssessmentSettings
from boundary.diagnosis.batch import Batch, largest_sigma_m
from boundary.displacement import isotropic, total_covariance
from boundary.observations import Observation

Floats = NDArray[np.float64]
#: Stands in where neither method nor accuracy is stated, so that a batch can be looked at at all:
#: the upper end of a phone. No verdict is given on such a row.
UNKNOWN_SIGMA_M = 8.0


def observation_sigma_m(observation: Observation) -> float | None:
    """One sigma per axis of an observation: as declared, but not below its method's floor."""
    floor = observation.method.sigma_m if observation.method else None
    known = [s for s in (observation.declared_sigma_m, floor) if s is not None]
    return max(known, default=None)


def build_batch(
    cases: Sequence[Case], register: Register, settings: AssessmentSettings
) -> tuple[Batch, NDArray[np.intp]]:
    """The batch of the cases that have a marker and a place, and their positions in `cases`."""
    members = np.array(
        [
            i
            for i, case in enumerate(cases)
            if case.marker is not None
            and case.placed.state in {"placed", "outside"}
            and np.isfinite(case.placed.lon)
        ],
        dtype=np.intp,
    )
    chosen = [cases[i] for i in members]
    observations = [case.observation for case in chosen if case.observation is not None]
    marker = np.array([case.marker for case in chosen], dtype=np.intp)
    frame = register.frame.take(marker)
    lon = np.array([case.placed.lon for case in chosen])
    lat = np.array([case.placed.lat for case in chosen])
    experience = settings.diagnosis.experience
    sigma_obs = np.array(
        [
            (observation_sigma_m(o) or UNKNOWN_SIGMA_M)
            * experience.sigma_factor(o.surveyor, o.device)
            for o in observations
        ]
    )
    covariance = _covariance(chosen, register.sigma_m[marker], sigma_obs, settings)
    grades = [o.method.grade if o.method else "" for o in observations]
    batch = Batch(
        registered=frame,
        lon=lon,
        lat=lat,
        vectors_m=frame.residuals(lon, lat).reshape(-1, 2),
        covariance=covariance,
        sigma_m=largest_sigma_m(covariance),
        observation_sigma_m=sigma_obs,
        register_sigma_m=register.sigma_m[marker],
        tolerance_m=register.tolerance_m[marker],
        survey_grade=np.array([grade == "survey" for grade in grades], bool),
        phone=np.array([grade == "phone" for grade in grades], bool),
        year=np.array([o.epoch_year or np.nan for o in observations], float),
        register_year=np.array([_year(register.markers[i]) for i in marker], float),
        session=_numbers([o.session_key for o in observations]),
        marker=marker,
        surveyor=tuple(o.surveyor for o in observations),
        device=tuple(o.device for o in observations),
        day=tuple(o.observed_on.isoformat() if o.observed_on else "" for o in observations),
        pairs=tuple(case.placed.reading.pair for case in chosen if case.placed.reading),
        systems=tuple(case.placed.reading.system for case in chosen if case.placed.reading),
        repaired=np.array([bool(case.placed.repair) for case in chosen], bool),
    )
    return batch, members


def _year(marker: RegisteredMarker) -> float:
    day = marker.surveyed_on
    return np.nan if day is None else day.year + (day.timetuple().tm_yday - 0.5) / 365.25


def _covariance(
    cases: Sequence[Case], register_sigma: Floats, sigma_obs: Floats, settings: AssessmentSettings
) -> Floats:
    known_register = np.where(np.isnan(register_sigma), 0.0, register_sigma)
    place = np.array([case.placed.sigma_m for case in cases])
    half = np.array([case.placed.epoch_open_m for case in cases]).reshape(-1, 2)
    open_epoch = half[:, :, None] * half[:, None, :]
    if not cases:
        return np.zeros((0, 2, 2))
    centring = isotropic(np.full(len(cases), settings.centring_sigma_m))
    known = total_covariance(known_register, sigma_obs, place, centring)
    return np.asarray(known + open_epoch, float)


def _numbers(keys: Sequence[tuple[str, str, str]]) -> NDArray[np.intp]:
    seen: dict[tuple[str, str, str], int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], dtype=np.intp)
