"""The outcome of a diagnosis while it is being written, one entry per row of the batch."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.explanations import names_of_code
from boundary.diagnosis.findings import Finding, Proposal
from boundary.diagnosis.outcome import Diagnosis, Effect

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(slots=True)
class Sheet:
    """Offsets to take off the vectors (n, 2) with their variance per axis (n), effects, causes."""

    offset_m: Floats
    variance_m2: Floats
    effect: NDArray[np.str_]
    cause: list[str]
    probability: Floats
    findings: list[Finding] = field(default_factory=list)
    proposals: dict[int, Proposal] = field(default_factory=dict)

    @classmethod
    def blank(cls, n: int) -> "Sheet":
        """Nothing found yet: every row is judged as it stands."""
        none = np.full(n, Effect.NONE.value, dtype="<U12")
        return cls(np.zeros((n, 2)), np.zeros(n), none, [""] * n, np.ones(n))

    def claim(self, rows: Rows, effect: Effect, code: str, probability: float) -> None:
        """Say what explains some rows."""
        self.effect[rows] = effect.value
        self.probability[rows] = probability
        for row in rows:
            self.cause[int(row)] = code

    def outcome(self) -> Diagnosis:
        """The finished diagnosis."""
        return Diagnosis(
            self.offset_m,
            self.variance_m2[:, None, None] * np.eye(2),
            self.effect,
            tuple(self.cause),
            self.probability,
            tuple(names_of_code(code) for code in self.cause),
            tuple(self.findings),
            dict(self.proposals),
        )
