"""Every hypothesis about a batch as arrays: structure x datum, residuals, variances, priors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import (
    AS_TYPED,
    FREE,
    NONE,
    SIMILARITY,
    UNNAMED,
    DatumCause,
    StructureCause,
    log_prior,
)
from boundary.diagnosis.fingerprints import OLD_DATUMS, fingerprint, operator_datums
from boundary.diagnosis.question import Question
from boundary.diagnosis.similarity import Similarity, fit_similarity
from boundary.diagnosis.structures import Numbers, Structure, read_structures
from data.errors import NotComparable

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_COMMON_SHARE = 0.3  # of a phone's or handheld's error, common to a day: signals, ephemerides
_OPERATOR_LOCAL_M = (0.05, 0.3)
"""What the old network itself is off by under the operator's own parameters."""
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
        return self.code != "" and self.datum.code not in UNNAMED

    @property
    def session_level(self) -> bool:
        """Whether it can only hit all rows of a set-up."""
        return self.structure.code == "" and self.datum.session_level


@dataclass(frozen=True, slots=True)
class _Entry:
    """One hypothesis on its way into the arrays."""

    meaning: Meaning
    read_m: Floats
    predicted_m: Floats
    concerned: Flags
    local_m: float
    tau_m: float
    log_prior: float
    meridian_deg: Floats
    similarity: Similarity | None = None


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """H hypotheses over n rows.

    `residuals_m` (H, n, 2): vectors with the prediction taken off; `read_m` (H, n, 2): vectors as
    read under the structure; `predicted_m` (H, n, 2); `variance_m2` (H, n); `local_m`, `tau_m`,
    `log_prior` (H); `concerned` (H, n): rows whose reading or prediction it changes;
    `meridian_deg` (H, n): central meridians it reads by, NaN for degrees; `similarity` (H): the fit
    of a free similarity, of all the rows it was built for.
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
    meridian_deg: Floats
    similarity: tuple[Similarity | None, ...]

    def joined(self, more: "Hypotheses") -> "Hypotheses":
        """These and more hypotheses over the same rows."""
        return Hypotheses(
            (*self.meanings, *more.meanings),
            np.concatenate([self.residuals_m, more.residuals_m]),
            np.concatenate([self.read_m, more.read_m]),
            np.concatenate([self.predicted_m, more.predicted_m]),
            np.concatenate([self.variance_m2, more.variance_m2]),
            np.concatenate([self.local_m, more.local_m]),
            np.concatenate([self.tau_m, more.tau_m]),
            np.concatenate([self.log_prior, more.log_prior]),
            np.concatenate([self.concerned, more.concerned]),
            np.concatenate([self.meridian_deg, more.meridian_deg]),
            (*self.similarity, *more.similarity),
        )

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
            self.meridian_deg[chosen][:, rows],
            tuple(self.similarity[h] for h in chosen),
        )


def build_hypotheses(question: Question) -> Hypotheses:
    """Every structure that brings some row near, with every datum error that can be here."""
    batch, rules = question.batch, question.rules
    numbers = Numbers.of(batch, question.system)
    who = {name for name in (*batch.surveyor, *batch.device) if name}
    causes = rules.experience.adjusted(rules.datum_causes, who)
    common_m = _COMMON_SHARE * float(np.median(batch.observation_sigma_m))
    phone_share = float(batch.phone.mean())
    markers = np.unique(batch.marker).size
    found: list[_Entry] = []
    for structure in read_structures(batch, numbers, rules.structure_causes):
        for cause in causes:
            if not _excluded(structure, cause, markers):
                found += _entries(structure, cause, question, common_m, phone_share)
    return _arrays(found, batch)


def _entries(
    structure: Structure, cause: DatumCause, question: Question, common_m: float, phone_share: float
) -> list[_Entry]:
    """One cause under one reading, in all the ways it can have come about; they share its prior."""
    ways = [
        (vectors, touched, tau_m, local_m)
        for vectors, touched, tau_m, local in _ways(structure, cause, question)
        for local_m in local
    ]
    prior = log_prior(cause, phone_share) + log(structure.cause.prior / max(len(ways), 1))
    return [
        _Entry(
            Meaning(structure.cause, cause),
            structure.vectors_m,
            np.asarray(np.where(touched[:, None], vectors, 0.0), float),
            np.asarray(structure.concerned | (touched & (cause.code != NONE.code)), bool),
            local_m,
            max(tau_m, common_m),  # of a weak method's error a share is common to a day
            prior,
            structure.ground.meridian_deg,
        )
        for vectors, touched, tau_m, local_m in ways
    ]


def _ways(
    structure: Structure, cause: DatumCause, question: Question
) -> Iterator[tuple[Floats, Flags, float, tuple[float, ...]]]:
    datum = cause.code.removeprefix("register_")
    own = operator_datums(datum, question.parameters) if datum in OLD_DATUMS else []
    for code in _VARIANTS.get(cause.code, (cause.code,)):
        covered = False
        for old, accuracy_m in own:
            try:
                found = fingerprint(code, structure.ground, old)
            except NotComparable:  # these rows lie outside the area of the parameters
                continue
            if found is not None:
                covered = True
                yield *found, accuracy_m, _OPERATOR_LOCAL_M
        found = None if covered else fingerprint(code, structure.ground)
        if found is not None and found[1].any():
            yield *found, cause.tau_m, cause.local_m


def with_similarity(hypotheses: Hypotheses, question: Question) -> Hypotheses | None:
    """The same with a free similarity, where enough markers over enough ground can show one."""
    batch, rules = question.batch, question.rules
    cause = next((c for c in rules.datum_causes if c.code == SIMILARITY.code), None)
    if cause is None:
        return None
    fitted = fit_similarity(
        batch.registered, batch.vectors_m, _variance(batch), cause.tau_m,
        rules.outlier_share, rules.moved_limit_m,
    )  # fmt: skip
    if fitted is None:
        return None
    entry = _Entry(
        Meaning(AS_TYPED, cause), batch.vectors_m, fitted.predicted_m,
        np.ones(batch.size, bool), 0.0, cause.tau_m,
        log_prior(cause, 0.0) + fitted.log_prior,
        np.full(batch.size, np.nan), fitted,
    )  # fmt: skip
    return hypotheses.joined(_arrays([entry], batch))


def _variance(batch: Batch) -> Floats:
    return np.asarray(0.5 * (batch.covariance[:, 0, 0] + batch.covariance[:, 1, 1]), float)


def _arrays(found: Sequence[_Entry], batch: Batch) -> Hypotheses:
    read_m = np.stack([entry.read_m for entry in found])
    predicted_m = np.stack([entry.predicted_m for entry in found])
    local_m = np.array([entry.local_m for entry in found])
    return Hypotheses(
        tuple(entry.meaning for entry in found),
        read_m - predicted_m,
        read_m,
        predicted_m,
        _variance(batch)[None, :] + np.square(local_m)[:, None],
        local_m,
        np.array([entry.tau_m for entry in found]),
        np.array([entry.log_prior for entry in found]),
        np.stack([entry.concerned for entry in found]),
        np.stack([entry.meridian_deg for entry in found]),
        tuple(entry.similarity for entry in found),
    )


def _excluded(structure: Structure, cause: DatumCause, markers: int) -> bool:
    """One marker shows no common offset; a misreading is not blamed on the register too."""
    if cause.code == SIMILARITY.code or (cause.code == FREE.code and markers < 2):  # noqa: PLR2004 - two share an offset
        return True
    return structure.cause.code != AS_TYPED.code and cause.side == "register"
