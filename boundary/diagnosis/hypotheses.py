"""Every hypothesis about a batch as arrays: structure x datum, residuals, variances, priors."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import (
    AS_TYPED,
    DatumCause,
    DiagnosisRules,
    StructureCause,
    log_prior,
)
from boundary.diagnosis.fingerprints import fingerprint
from boundary.diagnosis.structures import Numbers, Structure, read_structures
from data.coordinates import ReferenceSystem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_COMMON_SHARE = 0.3  # of a phone's or handheld's error, common to a day: signals, ephemerides
#: Ways one register error can have come about; they share its prior.
_VARIANTS = {
    "register_beijing54": ("register_beijing54", "register_beijing54_plane"),
    "register_xian80": ("register_xian80", "register_xian80_plane"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a hypothesis says: a structure and a datum error; `code` names it in reports."""

    structure: StructureCause
    datum: DatumCause

    @property
    def code(self) -> str:
        """For example `beijing54`, `zone`, `dms+epoch`; empty for a batch without error."""
        datum = "" if self.datum.code == "none" else self.datum.code
        return "+".join(part for part in (self.structure.code, datum) if part)

    @property
    def named(self) -> bool:
        """Whether it names an error with a predicted size."""
        return self.code != "" and self.datum.code != "free"

    @property
    def session_level(self) -> bool:
        """Whether it can only hit all rows of a set-up."""
        return self.structure.code == "" and self.datum.session_level


_Entry = tuple[Meaning, Floats, Floats, Flags, float, float, float]


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """H hypotheses over n rows.

    `residuals_m` (H, n, 2): vectors with the prediction taken off; `read_m` (H, n, 2): vectors as
    read under the structure; `predicted_m` (H, n, 2); `variance_m2` (H, n); `local_m`, `tau_m`,
    `log_prior` (H); `concerned` (H, n): rows whose reading or prediction it changes.
    """

    meanings: tuple[Meaning, ...]
    residuals_m: Floats
    read_m: Floats
    predicted_m: Floats
    variance_m2: Floats
    local_m: Floats
    tau_m: Floats
    log_prior: Floats
    concerned: NDArray[np.bool_]

    def rows(self, rows: NDArray[np.intp], keep: NDArray[np.bool_]) -> "Hypotheses":
        """The hypotheses `keep` (H) over some rows only."""
        chosen = np.flatnonzero(keep)
        return Hypotheses(
            tuple(self.meanings[h] for h in chosen),
            self.residuals_m[chosen][:, rows],
            self.read_m[chosen][:, rows],
            self.predicted_m[chosen][:, rows],
            self.variance_m2[chosen][:, rows],
            self.local_m[chosen],
            self.tau_m[chosen],
            self.log_prior[chosen],
            self.concerned[chosen][:, rows],
        )


def build_hypotheses(batch: Batch, system: ReferenceSystem, rules: DiagnosisRules) -> Hypotheses:
    """Every structure that brings some row near, with every datum error that can be here."""
    numbers = Numbers.of(batch, system)
    who = {name for name in (*batch.surveyor, *batch.device) if name}
    causes = rules.experience.adjusted(rules.datum_causes, who)
    phone_share = float(batch.phone.mean()) if batch.size else 0.0
    variance = 0.5 * (batch.covariance[:, 0, 0] + batch.covariance[:, 1, 1])
    found: list[_Entry] = []
    for structure in read_structures(batch, numbers, rules.structure_causes):
        for cause in causes:
            if _excluded(structure, cause, np.unique(batch.marker).size):
                continue
            codes = _VARIANTS.get(cause.code, (cause.code,))
            for code in codes:
                predicted = fingerprint(code, structure.ground)
                if predicted is None or not predicted[1].any():
                    continue
                vectors = np.asarray(np.where(predicted[1][:, None], predicted[0], 0.0), float)
                touched = predicted[1] if cause.code != "none" else np.zeros_like(predicted[1])
                concerned = np.asarray(structure.concerned | touched, bool)
                share = len(codes) * len(cause.local_m)
                prior = log_prior(cause, phone_share) + log(structure.cause.prior / share)
                found.extend(
                    (Meaning(structure.cause, cause), structure.vectors_m, vectors, concerned,
                     local, cause.tau_m, prior)
                    for local in cause.local_m
                )  # fmt: skip
    read = np.stack([entry[1] for entry in found])
    predicted_m = np.stack([entry[2] for entry in found])
    local_m = np.array([entry[4] for entry in found])
    return Hypotheses(
        tuple(entry[0] for entry in found),
        read - predicted_m,
        read,
        predicted_m,
        variance[None, :] + np.square(local_m)[:, None],
        local_m,
        _taus_m(found, batch),
        np.array([entry[6] for entry in found]),
        np.stack([entry[3] for entry in found]),
    )


def _taus_m(found: Sequence[_Entry], batch: Batch) -> Floats:
    """How far the common part may be off: for weak methods a share of their sigma is common too."""
    common = _COMMON_SHARE * float(np.median(batch.observation_sigma_m))
    return np.array([max(entry[5], common) for entry in found])


def _excluded(structure: Structure, cause: DatumCause, markers: int) -> bool:
    """One marker shows no common offset; a misreading is not blamed on the register too."""
    if cause.code == "free" and markers < 2:  # noqa: PLR2004 - two share an offset
        return True
    return structure.cause.code != AS_TYPED.code and cause.side == "register"
