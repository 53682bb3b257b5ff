"""From raw rows to cases: read, matched to a marker, placed; and why not, where not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from boundary.assessment.placing import Placed, place
from boundary.assessment.register import RegisteredMarker
from boundary.assessment.settings import AssessmentSettings
from boundary.matching import MarkerIndex, MatchKind, Named
from boundary.observations import Method, Observation, ObservationRow, parse_observation
from data.coordinates import Ellipsoid, ReferenceSystem, Region
from data.errors import Fault, InvalidValue

_NOWHERE = Placed("none")
_SHOWN_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why a row has no marker: `code`, a sentence in both languages, and markers it may mean."""

    code: str
    zh: str
    en: str
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One row on its way to a verdict; `marker` is an index into the register."""

    row: ObservationRow
    observation: Observation | None
    faults: tuple[Fault, ...]
    marker: int | None = None
    match: MatchKind = "none"
    placed: Placed = _NOWHERE
    unmatched: Unmatched | None = None


def marker_index(markers: Sequence[RegisteredMarker], ellipsoid: Ellipsoid) -> MarkerIndex:
    """The index of a register."""
    return MarkerIndex(
        [Named(m.marker_no, m.line_code, m.line_name) for m in markers],
        np.array([m.lon for m in markers]),
        np.array([m.lat for m in markers]),
        ellipsoid,
    )


def build_cases(
    rows: Sequence[ObservationRow],
    markers: Sequence[RegisteredMarker],
    index: MarkerIndex,
    region: Region,
    settings: AssessmentSettings,
) -> list[Case]:
    """Read, match and place every row; by number first, then by place for those without one."""
    default_system, default_method = _defaults(settings)
    cases: list[Case] = []
    for row in rows:
        observation, faults = parse_observation(
            row,
            vocabulary=settings.vocabulary,
            today=settings.today,
            default_system=default_system,
            default_method=default_method,
        )
        case = Case(row, observation, faults)
        if observation is not None:
            case = _by_number(case, observation, markers, index, region, settings)
        cases.append(case)
    return _by_place(cases, markers, index, settings)


def _defaults(settings: AssessmentSettings) -> tuple[ReferenceSystem, Method | None]:
    system = settings.system
    if settings.default_crs:
        system = ReferenceSystem.parse(settings.default_crs)
    if not settings.default_method:
        return system, None
    method = settings.vocabulary.method(settings.default_method)
    if method is None:
        raise InvalidValue(
            "default_method", settings.default_method, "this names no survey method",
            "use a word of the methods table", f"“{settings.default_method}”不是可识别的测量方法",
        )  # fmt: skip
    return system, method


def _by_number(
    case: Case,
    observation: Observation,
    markers: Sequence[RegisteredMarker],
    index: MarkerIndex,
    region: Region,
    settings: AssessmentSettings,
) -> Case:
    if not observation.marker_no:
        return replace(case, placed=place(observation, None, region, settings))
    found = index.by_number(observation.marker_no, observation.line)
    if len(found) == 1:
        marker = markers[found[0]]
        near = (marker.lon, marker.lat)
        placed = place(observation, near, region, settings)
        return replace(case, marker=found[0], match="number", placed=placed)
    placed = place(observation, None, region, settings)
    if not found:
        return replace(
            case, placed=placed, unmatched=_unknown_number(observation, index, placed, settings)
        )
    if placed.state == "placed":
        nearest, distance_m, ratio = index.nearest_of(found, placed.lon, placed.lat)
        gate_m = settings.rules.farthest_m
        if distance_m <= gate_m and ratio >= settings.matching.least_ratio:
            return replace(case, marker=nearest, match="number", placed=placed)
    return replace(case, placed=placed, unmatched=_ambiguous(observation, markers, found))


def _unknown_number(
    observation: Observation, index: MarkerIndex, placed: Placed, settings: AssessmentSettings
) -> Unmatched:
    similar = index.similar_numbers(observation.marker_no)
    if placed.state == "placed":
        found = index.nearest(np.array([placed.lon]), np.array([placed.lat]))
        gate_m = np.array([settings.rules.farthest_m])
        # Where the position tells the marker, it says more than a similar number does.
        if found.accepted(gate_m, settings.matching.least_ratio)[0]:
            similar = (int(found.index[0]),)
    return Unmatched(
        "unknown_number",
        f"登记簿中没有编号“{observation.marker_no}”的界桩；请核对编号",
        f"the register has no marker numbered {observation.marker_no!r}; check the number",
        similar[:_SHOWN_CANDIDATES],
    )


def _ambiguous(
    observation: Observation, markers: Sequence[RegisteredMarker], found: tuple[int, ...]
) -> Unmatched:
    names = [_name(markers[i]) for i in found[:_SHOWN_CANDIDATES]]
    return Unmatched(
        "ambiguous_number",
        f"编号“{observation.marker_no}”对应多颗界桩（{'、'.join(names)}）；请注明界线或坐标",
        f"the number {observation.marker_no!r} belongs to several markers ({', '.join(names)}); "
        "state the line or a position",
        found,
    )


def _name(marker: RegisteredMarker) -> str:
    line = marker.line_name or marker.line_code
    return f"{line} {marker.marker_no}".strip()


def _by_place(
    cases: list[Case],
    markers: Sequence[RegisteredMarker],
    index: MarkerIndex,
    settings: AssessmentSettings,
) -> list[Case]:
    asked = [
        i
        for i, case in enumerate(cases)
        if case.observation is not None
        and not case.observation.marker_no
        and case.placed.state == "placed"
    ]
    if not asked or not markers:
        return cases
    lon = np.array([cases[i].placed.lon for i in asked])
    lat = np.array([cases[i].placed.lat for i in asked])
    gate_m = np.array([_gate_m(cases[i], settings) for i in asked])
    found = index.nearest(lon, lat)
    accepted = found.accepted(gate_m, settings.matching.least_ratio)
    for k, i in enumerate(asked):
        nearest = int(found.index[k])
        if accepted[k]:
            cases[i] = replace(cases[i], marker=nearest, match="nearest")
        else:
            reason = _too_far(markers[nearest], float(found.distance_m[k]), float(found.ratio[k]))
            cases[i] = replace(cases[i], unmatched=replace(reason, candidates=(nearest,)))
    return cases


def _gate_m(case: Case, settings: AssessmentSettings) -> float:
    method = case.observation.method if case.observation else None
    sigma_m = method.sigma_m if method else 0.0
    return max(settings.matching.gate_m, settings.matching.gate_sigmas * sigma_m)


def _too_far(marker: RegisteredMarker, distance_m: float, ratio: float) -> Unmatched:
    name = _name(marker)
    return Unmatched(
        "no_near_marker",
        f"该行无编号；最近的界桩 {name} 相距 {distance_m:.1f} m"
        f"（次近为其 {ratio:.1f} 倍），不足以认定；请填写编号",
        f"the row has no number; the nearest marker {name} is {distance_m:.1f} m away (the second "
        f"{ratio:.1f} times as far), which does not settle it; fill in the number",
    )


def zone_faults(case: Case) -> tuple[Fault, ...]:
    """The fault of plane coordinates whose zone nobody stated and no marker tells."""
    if case.placed.state != "no_zone":
        return ()
    return (
        Fault(
            InvalidValue.code,
            case.row.row,
            "crs",
            case.row.cells.get("crs", ""),
            "高斯坐标未注明带号或中央子午线，且无法由界桩推定；请补充，例如“3度带 中央子午线114”",
            "Gauss-Krüger coordinates need their zone, and no marker tells it; add it, for example "
            "3度带 中央子午线114",
        ),
    )


def duplicate_groups(cases: Sequence[Case]) -> dict[int, list[int]]:
    """Markers that several rows name: marker index to positions in `cases`."""
    groups: dict[int, list[int]] = defaultdict(list)
    for i, case in enumerate(cases):
        if case.marker is not None:
            groups[case.marker].append(i)
    return {marker: rows for marker, rows in groups.items() if len(rows) > 1}
