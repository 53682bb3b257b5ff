"""What a diagnosis hands to the marker test: offsets to take off, and what they may not hide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Finding, Proposal

Floats = NDArray[np.float64]


class Effect(StrEnum):
    """How an explanation bears on a row's verdict.

    - `NONE`: the row is judged as it stands.
    - `NAMED`: a named data error explains it; what fits is to be resubmitted, what still sticks out
      is suspect.
    - `ALIKE`: it looks like an error that it cannot be proved to be; suspect at most.
    - `FREE`: only an unnamed common offset explains it; never in place and never displaced.
    - `REGISTER`: the register itself is in doubt.
    - `TYPING`: a slip of this row, with a proposal.
    - `OPEN`: two explanations of the batch are too close to call; what sticks out of both is
      suspect.
    - `UNDECIDED`: a slip of this row and a displacement are within odds of e³: cannot tell.
    """

    NONE = "none"
    NAMED = "named"
    ALIKE = "alike"
    FREE = "free"
    REGISTER = "register"
    TYPING = "typing"
    OPEN = "open"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Per row (n): the offset explained (n, 2) with its covariance (n, 2, 2), effect and cause.

    `probability` is the posterior of the cause, `names` what it is called in Chinese and English;
    `proposals` are keyed by position in the batch.
    """

    offset_m: Floats
    offset_covariance: Floats
    effect: NDArray[np.str_]
    cause: tuple[str, ...]
    probability: Floats
    names: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    proposals: Mapping[int, Proposal] = field(default_factory=dict)

    @classmethod
    def nothing(cls, batch: Batch) -> "Diagnosis":
        """Every row is judged as it stands."""
        n = batch.size
        return cls(
            np.zeros((n, 2)),
            np.zeros((n, 2, 2)),
            np.full(n, Effect.NONE.value, dtype="<U12"),
            ("",) * n,
            np.ones(n),
            (("", ""),) * n,
        )

    @classmethod
    def scattered(
        cls, pieces: Sequence["Diagnosis"], rows: Sequence[NDArray[np.intp]]
    ) -> "Diagnosis":
        """The diagnoses of parts of one batch, each put back to the rows it is of."""
        order = np.argsort(np.concatenate(rows), kind="stable")
        causes = [cause for piece in pieces for cause in piece.cause]
        names = [name for piece in pieces for name in piece.names]
        return cls(
            np.concatenate([piece.offset_m for piece in pieces])[order],
            np.concatenate([piece.offset_covariance for piece in pieces])[order],
            np.concatenate([piece.effect for piece in pieces])[order],
            tuple(causes[i] for i in order),
            np.concatenate([piece.probability for piece in pieces])[order],
            tuple(names[i] for i in order),
            tuple(finding for piece in pieces for finding in piece.findings),
            {
                int(own[row]): proposal
                for piece, own in zip(pieces, rows, strict=True)
                for row, proposal in piece.proposals.items()
            },
        )
