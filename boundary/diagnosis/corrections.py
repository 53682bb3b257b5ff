"""A correction on its way: proposed, confirmed by a person, taken in as a new observation.

Nothing is corrected in place. The row as it came stays; a confirmed correction makes a new row that
names the one it was derived from and who confirmed it.
"""

from dataclasses import dataclass
from datetime import date

from boundary.diagnosis.findings import Proposal
from boundary.observations import ObservationRow
from data.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class ProposedCorrection:
    """A proposal for one row of one submission; `row` is as it came."""

    submission_id: int
    row: ObservationRow
    proposal: Proposal

    def confirm(self, by: str, on: date, reason: str = "") -> "ConfirmedCorrection":
        """A person's word for it.

        Raises:
            InvalidValue: nobody is named, or the row no longer reads as it did when proposed.
        """
        if not by.strip():
            raise InvalidValue(
                "confirmed_by", by, "a correction is confirmed by a person", "sign in and confirm",
                "更正须由具名人员确认",
            )  # fmt: skip
        for field, before, _ in self.proposal.changes:
            if self.row.cells.get(field, "").strip() != before.strip():
                raise InvalidValue(
                    field, self.row.cells.get(field, ""), f"the proposal was made for {before!r}",
                    "assess the row again", f"该建议针对“{before}”，现内容已变；请重新评定",
                )  # fmt: skip
        return ConfirmedCorrection(self, by.strip(), on, reason)


@dataclass(frozen=True, slots=True)
class ConfirmedCorrection:
    """A confirmed proposal."""

    proposed: ProposedCorrection
    confirmed_by: str
    confirmed_on: date
    reason: str = ""
