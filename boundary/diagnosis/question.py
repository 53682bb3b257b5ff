"""What a diagnosis is asked: the batch with its texts, the register, priors and parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import DiagnosisRules
from boundary.diagnosis.typing_errors import RegisterView
from data.coordinates import DatumParameters, ReferenceSystem

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Question:
    """A batch and what is needed to explain it.

    `system` is the store's; `typed_numbers` the marker number as typed in each row, empty where
    there is none; `row_numbers` the row's number in the file; `parameters` the operator's own
    relations of datums, which sharpen what an old datum would show. `group` names the part of a
    file that this is (Chinese, English), empty for a whole file.
    """

    batch: Batch
    system: ReferenceSystem
    rules: DiagnosisRules
    register: RegisterView
    typed_numbers: Sequence[str]
    row_numbers: Sequence[int]
    parameters: tuple[DatumParameters, ...] = field(default=(), repr=False)
    group: tuple[str, str] = ("", "")

    def take(self, rows: Rows, group: tuple[str, str] | None = None) -> "Question":
        """The same about some of the rows, by index."""
        chosen = rows.tolist()
        return replace(
            self,
            batch=self.batch.take(rows),
            typed_numbers=[self.typed_numbers[i] for i in chosen],
            row_numbers=[self.row_numbers[i] for i in chosen],
            group=self.group if group is None else group,
        )
