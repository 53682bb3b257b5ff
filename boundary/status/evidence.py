"""What is known of one marker: reports, lawful acts, decisions. Values; no store, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal["report", "act", "decision", "settlement"]
SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Report:
    """One inspection.

    Attributes:
        id: the inspection.
        on: its day; None where not stated, then older than every stated one.
        condition: what was typed, one of `conditions`; empty where nothing was.
        verdict: what its position was judged to be; empty for none.
        reporter: who reported: the side, else the surveyor; empty where not known.
        grade: survey, handheld or phone; empty where no method was stated.
        ties: how many distances to witness objects were taped.
        proof: whether physical proof was found, such as remains.
        round_id: the joint inspection it belongs to.
    """

    id: int
    on: date | None
    condition: str = ""
    verdict: str = ""
    reporter: str = ""
    grade: str = ""
    ties: int = 0
    proof: bool = False
    round_id: int | None = None

    @property
    def day(self) -> date:
        """Its day for comparing."""
        return self.on or date.min


@dataclass(frozen=True, slots=True)
class Act:
    """A lawful act on the marker: what it was (`restoration_kinds`), when, what lapses by it."""

    id: int
    on: date | None
    kind: str
    lapses: str

    @property
    def day(self) -> date:
        """Its day for comparing."""
        return self.on or date.min


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about reports that contradict each other; empty for none.

    Attributes:
        id: its record.
        on: it covers reports up to this day.
        condition, verdict: what holds.
        kind: `decision` by both sides in a joint inspection, `settlement` outside of one.
    """

    id: int
    on: date
    condition: str = ""
    verdict: str = ""
    kind: Kind = "decision"


@dataclass(frozen=True, slots=True)
class Used:
    """How a piece of evidence was used: the rule that says so, and whether it counts."""

    kind: Kind
    id: int
    on: date | None
    said: str
    counts: bool
    rule: str = ""


@dataclass(frozen=True, slots=True)
class MarkerStatus:
    """What a marker is, by its evidence.

    Attributes:
        state: one of `marker_states`.
        condition: of the object: intact, damaged, inscription_unclear, not_found, lost, scrapped;
            empty where not known.
        verdict: of its position: in_place, suspect, displaced, cannot_tell, resubmit; or empty.
        open: whether reports contradict each other.
        open_sides: on which sides they do: condition, position.
        inspected_on: the day of the newest report.
        rules: the rules of `status_rules` that were decisive.
        evidence: every piece with how it was used, oldest first.
    """

    state: str
    condition: str
    verdict: str
    open: bool
    inspected_on: date | None
    rules: tuple[str, ...]
    evidence: tuple[Used, ...] = field(repr=False)
    open_sides: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "state": self.state,
            "condition": self.condition or None,
            "verdict": self.verdict or None,
            "open": self.open,
            "open_sides": list(self.open_sides),
            "inspected_on": self.inspected_on,
            "rules": list(self.rules),
            "evidence": [
                {name: getattr(one, name) for name in Used.__dataclass_fields__}
                for one in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class StatusRules:
    """Numbers of the rules; each default is that of `boundary_rules`.

    Attributes:
        searches: searches that show a marker to be lost.
        ties: taped ties that make a search count.
        occasion_days: days within which reports are of one occasion.
    """

    searches: int = 2
    ties: int = 2
    occasion_days: int = 30

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> "StatusRules":
        """The rules by the numbers of the table."""
        return cls(
            int(numbers["destroyed_searches"]),
            int(numbers["destroyed_ties"]),
            int(numbers["same_occasion_days"]),
        )
