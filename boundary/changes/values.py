"""What a change of divisions does to lines and markers: values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

ENDS, PARTIES, DIVIDED, BEGINS = "ends", "parties", "divided", "begins"
SURVEYED: Final = "surveyed"
KINDS: Final = {
    ENDS: ("界线终止", "the line ends"),
    PARTIES: ("当事方或级别变更", "parties or level change"),
    DIVIDED: ("界线分段", "the line is divided"),
    BEGINS: ("新增界线", "a line begins"),
    SURVEYED: ("勘定", "the survey takes the draft's place"),
}
STAYS, LOSES_LINE, OTHER_LINE, FEWER_FACES = (
    *("stays", "loses_line", "other_line"), "fewer_faces",
)  # fmt: skip
MARKER_KINDS: Final = {
    STAYS: ("编号与位置不变", "number and position stay"),
    LOSES_LINE: (
        "所在界线终止，由各方商定保留或报废",
        "its line ends: kept or scrapped by agreement",
    ),
    OTHER_LINE: ("改属另一界线，印刷编号不变", "goes to another line; the printed number stays"),
    FEWER_FACES: ("交会界线减少，应核定类型", "fewer lines meet: its type is to be decided"),
}


@dataclass(frozen=True, slots=True)
class Successor:
    """What a part of a division is after the change: its code, and its outline where known."""

    code: str
    name: str
    outline: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class DivisionSteps:
    """A change of divisions as lines see it.

    Attributes:
        effective_on: the first day of the new state.
        document: of the decision.
        successors: by each code that changes, what its area is afterwards; one successor with the
            same code stands for a new name alone; none for a division that ends without any.
    """

    effective_on: date
    document: str
    successors: Mapping[str, tuple[Successor, ...]]


@dataclass(frozen=True, slots=True)
class OldLine:
    """A line in force with the markers that stand on it."""

    id: int
    version: int
    code: str
    name: str
    level: str
    parties: tuple[str, ...]
    shape: BaseGeometry
    markers: tuple["OldMarker", ...] = ()


@dataclass(frozen=True, slots=True)
class OldMarker:
    """A marker in force: where it stands, and every line that it stands on, its own first."""

    id: int
    version: int
    marker_no: str
    lon: float
    lat: float
    faces: int | None
    line_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkerEffect:
    """What becomes of a marker: `kind` of `MARKER_KINDS`, and the code of its line afterwards."""

    marker: OldMarker
    kind: str
    line_code: str | None

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        zh, en = MARKER_KINDS[self.kind]
        return {
            "marker_id": self.marker.id,
            "marker_no": self.marker.marker_no,
            "kind": self.kind,
            "zh": zh,
            "en": en,
            "line_code": self.line_code,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """A line after the change, with what it was cut or drafted from.

    Attributes:
        parties: division codes.
        level: by their codes.
        shape: degrees.
        code: the old line's own where the parties stay, else that with a number: provisional.
        agreed: whether it is a piece of an agreed line; else it is drafted from outlines and must
            be surveyed (勘定).
    """

    parties: tuple[str, str]
    level: str
    shape: BaseGeometry
    code: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What becomes of one line, or a line that begins (then `line` is None)."""

    kind: str
    line: OldLine | None
    parties: tuple[str, ...]
    level: str
    pieces: tuple[Piece, ...] = ()
    markers: tuple[MarkerEffect, ...] = ()

    def as_json(self, names: Mapping[str, str]) -> dict[str, Any]:
        """As plain values; drafted shapes as GeoJSON."""
        zh, en = KINDS[self.kind]
        old = self.line
        return {
            "kind": self.kind,
            "zh": zh,
            "en": en,
            "line_id": old.id if old else None,
            "code": old.code if old else None,
            "name": old.name if old else None,
            "before": _side(old.parties, old.level, names) if old else None,
            "after": _side(self.parties, self.level, names) if self.parties else None,
            "pieces": [_piece(one, names) for one in self.pieces],
            "markers": [one.as_json() for one in self.markers],
        }


@dataclass(frozen=True, slots=True)
class LineChanges:
    """Everything a change of divisions does to lines, and what must be done on the ground.

    Attributes:
        steps: the change.
        effects: one for each line concerned and each that begins.
        surveys: what must be surveyed, in Chinese and English.
        undecided: lines whose parties are divided while an outline is missing, in both languages.
    """

    steps: DivisionSteps
    effects: tuple[LineEffect, ...]
    surveys: tuple[tuple[str, str], ...]
    undecided: tuple[tuple[int, str, str], ...] = ()


def _side(parties: Sequence[str], level: str, names: Mapping[str, str]) -> dict[str, Any]:
    named = [{"code": code, "name": names.get(code, code)} for code in parties]
    return {"parties": named, "level": level}


def _piece(piece: Piece, names: Mapping[str, str]) -> dict[str, Any]:
    return _side(piece.parties, piece.level, names) | {
        "code": piece.code,
        "agreed": piece.agreed,
        "geometry": shapely.geometry.mapping(piece.shape),
    }
