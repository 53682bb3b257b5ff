"""Could one slip of the hand explain a row? A search over its raw text, honest about its size.

Candidates are one digit wrong, two neighbours exchanged, a digit missing or too many, in either
coordinate, and the coordinates of another marker. Their odds against "the marker moved" are

    Σ_candidates (share / number of candidates) N(residual; v)  :  moved share x b(residual)

so that a search among four hundred candidates pays for its size (look-elsewhere): with a phone a
displacement of 50 m cannot be told from a wrong digit, with RTK it can.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.causes import DiagnosisRules
from boundary.diagnosis.evidence import log_background, log_normal
from boundary.diagnosis.findings import Proposal
from boundary.matching import MarkerIndex
from data.coordinates import (
    LocalFrame,
    ReferenceSystem,
    TypedPair,
    fold,
    parse_angle,
    plain_number,
    plane_to_lonlat,
)
from data.errors import InvalidValue

Floats = NDArray[np.float64]
_PREFIX_M = 1_000_000.0
_RUNS = re.compile(r"(\d+)")
_SEXAGESIMAL = re.compile(
    r"(?P<head>\D*\d{1,3}\D+?)(?P<minutes>\d{1,2})(?P<between>\D+?)(?P<seconds>\d{1,2})"
    r"(?P<fraction>\.\d+|)(?P<tail>\D*)"
)
_SIGMAS = 4.0
_MOVED_LIMIT_M = 300.0
_REGISTER_REACH_M = 25.0  # four sigmas of a map-scaled register


@dataclass(frozen=True, slots=True)
class Slip:
    """The best slip found.

    `log_odds` against a displacement (or, where that is too far for one, a blunder of no known
    kind), `remaining_m` once corrected, `close`: within four sigmas;
    `far`: as typed it is further than markers move.
    """

    code: str
    log_odds: float
    remaining_m: Floats
    close: bool
    far: bool
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class RowContext:
    """One unexplained row: what was typed, where it should be and how well that is known.

    `expected_m`: offset that the batch has in common; `variance_m2` per axis with its share.
    """

    pair: TypedPair
    system: ReferenceSystem
    registered: LocalFrame
    vector_m: Floats
    expected_m: Floats
    variance_m2: float

    @property
    def far(self) -> bool:
        """Whether it lies further than markers move."""
        return float(np.hypot(*(self.vector_m - self.expected_m))) > _MOVED_LIMIT_M

    def log_density(self, rest_m: Floats, variance_m2: Floats, rules: DiagnosisRules) -> Floats:
        """Log density of what each candidate leaves (k, 2).

        A row too far for a displacement may hold a slip and a moved marker.
        """
        squared = (rest_m**2).sum(axis=1)
        fits = log_normal(squared, variance_m2)
        if not self.far:
            return fits
        moved = np.where(
            squared < _MOVED_LIMIT_M**2,
            log_background(squared, variance_m2, _MOVED_LIMIT_M), -np.inf,
        )  # fmt: skip
        return np.asarray(np.logaddexp(fits, np.log(rules.moved_share) + moved), float)

    @property
    def log_moved(self) -> float:
        """Log density of the row's residual if the marker moved (without its share)."""
        rest = self.vector_m - self.expected_m
        squared = np.array([float(rest @ rest)])
        return float(log_background(squared, np.array([self.variance_m2]), _MOVED_LIMIT_M)[0])


def search_text(row: RowContext, rules: DiagnosisRules) -> Slip | None:
    """The most likely slip in the row's own numbers; None if its text has no digits to edit."""
    axis, texts, values = _candidates(row.pair)
    if not len(values):
        return None
    east = np.where(axis == 0, values, row.pair.east)
    north = np.where(axis == 1, values, row.pair.north)
    lon, lat = _degrees(east, north, row)
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return None
    frame = row.registered.take(np.zeros(int(known.sum()), dtype=np.intp))
    rest = frame.residuals(lon[known], lat[known]) - row.expected_m
    log_density = row.log_density(rest, np.full(len(rest), row.variance_m2), rules)
    log_sum = float(np.logaddexp.reduce(log_density)) + np.log(rules.typing_share / len(values))
    best = int(np.argmax(log_density))
    chosen = int(np.flatnonzero(known)[best])
    log_odds = log_sum - np.log(rules.moved_share) - row.log_moved
    return Slip(
        "typing",
        float(log_odds),
        rest[best],
        float(np.hypot(*rest[best])) < _SIGMAS * np.sqrt(row.variance_m2),
        row.far,
        _text_proposal(row.pair, int(axis[chosen]), texts[chosen]),
    )


def _text_proposal(pair: TypedPair, axis: int, text: str) -> Proposal:
    field, before = pair.fields[axis], pair.texts[axis]
    text = as_written(before, text)
    return Proposal(
        "typing",
        ((field, before, text),),
        f"疑为笔误：{field} “{before}”应为“{text}”，请核对手簿后确认。",
        f"Likely a slip: {field} {before!r} for {text!r}; check the field book and confirm.",
    )


def as_written(before: str, after: str) -> str:
    r"""The corrected text in the marks of the hand that wrote it: only what changes is new.

    Examples:
        >>> as_written("111°54′00.0″", "111°45'00.0\"")
        '111°45′00.0″'
    """
    old, new = _RUNS.split(before), _RUNS.split(after)
    if len(old) != len(new):
        return after
    return "".join(new[i] if i % 2 else mark for i, mark in enumerate(old))


def _candidates(pair: TypedPair) -> tuple[NDArray[np.intp], list[str], Floats]:
    axes: list[int] = []
    texts: list[str] = []
    values: list[float] = []
    plain = pair.notation in {"decimal", "metres"}
    for axis, text in enumerate(pair.texts):
        written = fold(text)
        if plain:
            written = plain_number(written.rstrip("mM米 "), grouped=pair.kind == "plane") or written
        for edited in dict.fromkeys(slips(written)):
            value = _value(edited, plain=plain)
            if value is not None:
                axes.append(axis)
                texts.append(edited)
                values.append(value)
    return np.array(axes, dtype=np.intp), texts, np.array(values, float)


def _value(text: str, *, plain: bool) -> float | None:
    try:
        return float(text) if plain else parse_angle("", text).value_deg
    except (InvalidValue, ValueError):
        return None


def slips(text: str) -> Iterator[str]:
    """Every text that one slip turns into `text`, digits only.

    Examples:
        >>> sorted(set(slips("12")) & {"21", "1", "2", "13", "120"})
        ['1', '120', '13', '2', '21']
    """
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    for i in digits:
        for digit in "0123456789":
            if digit != text[i]:
                yield text[:i] + digit + text[i + 1 :]
            yield text[:i] + digit + text[i:]
        if i + 1 == len(text) or not text[i + 1].isdigit():
            for digit in "0123456789":
                yield text[: i + 1] + digit + text[i + 1 :]
        yield text[:i] + text[i + 1 :]
        if i + 1 < len(text) and text[i + 1].isdigit() and text[i] != text[i + 1]:
            yield text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    yield from _turned(text)


def _turned(text: str) -> Iterator[str]:
    r"""Minutes and seconds written in each other's place, where both are set apart by marks.

    Examples:
        >>> list(_turned("111°05'42.5\""))
        ['111°42\'05.5"', '111°42.5\'05"']
    """
    match = _SEXAGESIMAL.fullmatch(text)
    if match and match["minutes"] != match["seconds"]:
        head, middle, tail = match["head"], match["between"], match["tail"]
        minutes, seconds, rest = match["minutes"], match["seconds"], match["fraction"]
        yield f"{head}{seconds}{middle}{minutes}{rest}{tail}"
        if rest:
            yield f"{head}{seconds}{rest}{middle}{minutes}{tail}"


def _degrees(east: Floats, north: Floats, row: RowContext) -> tuple[Floats, Floats]:
    if row.pair.kind == "lonlat":
        inside = (np.abs(east) <= 180.0) & (np.abs(north) <= 90.0)  # noqa: PLR2004 - degrees
        return np.where(inside, east, np.nan), np.where(inside, north, np.nan)
    prefix = row.pair.east // _PREFIX_M if row.system.kind == "gauss_kruger" else 0.0
    bare = east - prefix * _PREFIX_M
    inside = (np.abs(bare) < _PREFIX_M) & (np.abs(north) < 1e7)  # noqa: PLR2004 - a quadrant
    lon, lat = np.full((2, east.size), np.nan)
    if inside.any():
        lon[inside], lat[inside] = plane_to_lonlat(bare[inside], north[inside], row.system)
    return lon, lat


@dataclass(frozen=True, slots=True)
class RegisterView:
    """What the search for a wrong number needs of the register: `sigma_m` is NaN if unknown."""

    index: MarkerIndex
    frame: LocalFrame
    sigma_m: Floats
    names: Sequence[str]


def search_number(
    row: RowContext,
    position: tuple[float, float],
    marker: int,
    number: str,
    others: Sequence[int],
    register: RegisterView,
    rules: DiagnosisRules,
) -> Slip | None:
    """Do the coordinates belong to another marker: one exchanged with it, or a number misread?

    Args:
        row: the row.
        position: longitude and latitude as read, degrees, the batch's offset taken off.
        marker: the marker it names.
        number: the number as typed.
        others: markers that other rows of the batch name.
        register: the register.
        rules: shares.
    """
    radius_m = _SIGMAS * float(np.sqrt(row.variance_m2)) + _REGISTER_REACH_M
    radius_m = max(radius_m, _MOVED_LIMIT_M) if row.far else radius_m
    near = [i for i in register.index.within(*position, radius_m) if i != marker]
    if not near:
        return None
    similar = set(register.index.similar_numbers(number))
    frames = register.frame.take(np.array(near))
    rest = frames.residuals(np.full(len(near), position[0]), np.full(len(near), position[1]))
    variance = row.variance_m2 + np.square(np.nan_to_num(register.sigma_m[near]))
    shares = np.array([_share_of(i, similar, others, len(register.names)) for i in near])
    log_density = row.log_density(rest, variance, rules) + np.log(shares)
    best = int(np.argmax(log_density))
    log_odds = float(log_density[best]) + np.log(rules.typing_share / rules.moved_share)
    close = float(np.hypot(*rest[best])) < _SIGMAS * np.sqrt(variance[best])
    to = register.names[near[best]]
    return Slip(
        "number",
        float(log_odds) - row.log_moved,
        rest[best],
        close,
        row.far,
        Proposal(
            "number",
            (("marker_no", number, to),),
            f"坐标与界桩“{to}”相符，编号“{number}”疑有误（或两桩坐标互换），请核对。",
            f"The coordinates are those of marker {to!r}; the number {number!r} is likely wrong "
            "(or two markers are exchanged): check.",
        ),
    )


def _share_of(i: int, similar: set[int], others: Sequence[int], markers: int) -> float:
    """How likely this marker is the one meant: similar numbers and the batch's own come first."""
    share = 1.0 / markers
    if i in similar:
        share = max(share, 0.5 / len(similar))
    return max(share, 0.5 / len(others)) if i in others else share
