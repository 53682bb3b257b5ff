"""The risk index of a line (平安边界风险指数) from what is on record of it. Pure.

    index = 100 · Σ wᵢ·sᵢ / Σ wᵢ,  sᵢ = min(1, max(0, (vᵢ - zeroᵢ) / (fullᵢ - zeroᵢ)))

Weights wᵢ and the values at which a factor counts for nothing and in full are rows of the table
`risk_factors`, which an office replaces by its own. No law states such an index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.reference import boundary_rule, load_table

FORMULA: Final = "index = 100 · Σ wᵢ·sᵢ / Σ wᵢ, sᵢ = min(1, max(0, (vᵢ − zeroᵢ) / (fullᵢ − zeroᵢ)))"
HIGH, MEDIUM, LOW = "high", "medium", "low"
GRADES: Final = {HIGH: "高", MEDIUM: "中", LOW: "低"}


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of the index: its weight, and the values that count for nothing and in full."""

    code: str
    zh: str
    en: str
    unit: str
    weight: float
    zero: float
    full: float
    source: str

    def share(self, value: float) -> float:
        """How much a value counts, from 0 to 1.

        >>> factor = Factor("x", "", "", "km", 5.0, 5.0, 25.0, "")
        >>> factor.share(4.0), factor.share(15.0), factor.share(99.0)
        (0.0, 0.5, 1.0)
        """
        if self.full == self.zero:
            return float(value > self.zero)
        return min(1.0, max(0.0, (value - self.zero) / (self.full - self.zero)))

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class LineRisk:
    """The index of one line, with the value of each factor and what it adds to the index."""

    line_id: int
    code: str
    name: str
    level: str
    parties: tuple[str, ...]
    index: float
    grade: str
    values: Mapping[str, float]
    parts: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "line_id": self.line_id,
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "parties": list(self.parties),
            "index": self.index,
            "grade": self.grade,
            "grade_zh": GRADES[self.grade],
            "values": dict(self.values),
            "parts": dict(self.parts),
        }


def factors() -> tuple[Factor, ...]:
    """The factors in force."""
    return tuple(
        Factor(
            row["code"], row["zh"], row["en"], row["unit"], float(row["weight"]),
            float(row["zero"]), float(row["full"]), row["source"],
        )
        for row in load_table("risk_factors")
    )  # fmt: skip


def index_of(
    values: Mapping[str, float], known: Sequence[Factor]
) -> tuple[float, dict[str, float]]:
    """The index of some values, and what each factor adds to it; all in points of 100.

    Args:
        values: by factor; one that is not given counts for nothing.
        known: the factors.

    >>> known = [Factor("a", "", "", "", 3.0, 0.0, 1.0, ""), Factor("b", "", "", "", 1.0, 0, 2, "")]
    >>> index_of({"a": 1.0, "b": 1.0}, known)
    (87.5, {'a': 75.0, 'b': 12.5})
    """
    whole = sum(one.weight for one in known) or 1.0
    parts = {
        one.code: round(100.0 * one.weight * one.share(values.get(one.code, 0.0)) / whole, 2)
        for one in known
    }
    return round(sum(parts.values()), 1), parts


def grade_of(index: float) -> str:
    """High, medium or low, by the rules `risk_high` and `risk_medium`."""
    if index >= boundary_rule("risk_high"):
        return HIGH
    return MEDIUM if index >= boundary_rule("risk_medium") else LOW
