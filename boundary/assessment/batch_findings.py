"""What is said about a whole file: what was assumed, what is doubled, what contradicts itself."""

from collections.abc import Callable, Sequence

from boundary.assessment.cases import Case, duplicate_groups
from boundary.assessment.register import RegisteredMarker
from boundary.assessment.settings import AssessmentSettings
from boundary.assessment.words import REPAIRS, counted
from boundary.diagnosis.findings import Finding
from boundary.observations import Observation


def batch_findings(
    cases: Sequence[Case],
    markers: Sequence[RegisteredMarker],
    settings: AssessmentSettings,
    explained: set[int],
) -> tuple[Finding, ...]:
    """Every finding of a file but those of its diagnosis; `explained` rows have one there."""
    found = [
        *_assumptions(cases, settings),
        *_repairs(cases, explained),
        *_not_comparable(cases),
        *_doubled(cases, markers),
    ]
    return tuple(found)


def _rows(cases: Sequence[Case], holds: Callable[[Case, Observation], bool]) -> tuple[int, ...]:
    return tuple(
        case.row.row
        for case in cases
        if case.observation is not None and holds(case, case.observation)
    )


def _assumptions(cases: Sequence[Case], settings: AssessmentSettings) -> list[Finding]:
    found: list[Finding] = []
    name = settings.default_crs or settings.system.label
    rows = _rows(cases, lambda _, o: o.pair is not None and not o.system_stated)
    if rows:
        found.append(
            Finding(
                "system_assumed",
                f"{len(rows)} 行未注明坐标系，按 {name} 处理",
                f"{counted(rows, 'states', 'state')} no reference system; {name} was assumed",
                rows,
            )
        )
    rows = _rows(cases, lambda c, _: c.placed.reading is not None and c.placed.reading.zone_assumed)
    if rows:
        found.append(
            Finding(
                "zone_assumed",
                f"{len(rows)} 行高斯坐标未注明带号，按界桩所在分带处理",
                f"{counted(rows, 'gives', 'give')} Gauss-Krüger coordinates without a zone; the"
                " marker's own zone was assumed",
                rows,
            )
        )
    rows = _rows(cases, lambda _, o: o.pair is not None and o.method is None)
    if rows:
        found.append(
            Finding(
                "method_missing",
                f"{len(rows)} 行未注明测量方法",
                f"{counted(rows, 'states', 'state')} no survey method",
                rows,
            )
        )
    rows = _rows(cases, lambda _, o: _below_floor(o))
    if rows:
        found.append(
            Finding(
                "accuracy_raised",
                f"{len(rows)} 行所报精度高于方法可达精度，按方法下限取值",
                f"{counted(rows, 'declares', 'declare')} an accuracy below what the method reaches;"
                " the method's floor was used",
                rows,
            )
        )
    return found + _learned(cases, settings)


def _learned(cases: Sequence[Case], settings: AssessmentSettings) -> list[Finding]:
    """Accuracies raised by what was learned of a surveyor or device."""
    factor = settings.diagnosis.experience.sigma_factor
    rows = _rows(cases, lambda _, o: o.pair is not None and factor(o.surveyor, o.device) > 1.0)
    if not rows:
        return []
    largest = max(
        factor(c.observation.surveyor, c.observation.device) for c in cases if c.observation
    )
    return [
        Finding(
            "accuracy_learned",
            f"{len(rows)} 行按该测量员或设备以往的实际离散放宽中误差（最多 {largest:.1f} 倍）",
            f"{counted(rows)}: sigma raised by what this surveyor's or device's earlier files "
            f"showed (up to {largest:.1f} times)",
            rows,
            {"largest_factor": largest},
        )
    ]


def _below_floor(observation: Observation) -> bool:
    declared, method = observation.declared_sigma_m, observation.method
    return declared is not None and method is not None and declared < method.sigma_m


def _repairs(cases: Sequence[Case], explained: set[int]) -> list[Finding]:
    found: list[Finding] = []
    for code, (zh, en) in REPAIRS.items():
        rows = tuple(case.row.row for case in cases if case.placed.repair == code)
        if rows:
            found.append(Finding(code, f"{len(rows)} 行：{zh}", f"{counted(rows)}: {en}", rows))
    rows = _rows(cases, lambda c, _: c.placed.state == "outside" and c.row.row not in explained)
    if rows:
        found.append(
            Finding(
                "outside_region",
                f"{len(rows)} 行坐标位于本区域之外，且无唯一的改正办法",
                f"{counted(rows, 'lies', 'lie')} outside the region,"
                " and no single repair mends that",
                rows,
            )
        )
    return found


def _not_comparable(cases: Sequence[Case]) -> list[Finding]:
    rows = _rows(cases, lambda c, _: c.placed.state == "not_comparable")
    if not rows:
        return []
    why = next(c.placed for c in cases if c.placed.state == "not_comparable")
    return [
        Finding(
            "not_comparable",
            f"{len(rows)} 行与登记坐标不可比：{why.why_zh}",
            f"{counted(rows, 'is', 'are')} not comparable with the register: {why.why_en}",
            rows,
        )
    ]


def _doubled(cases: Sequence[Case], markers: Sequence[RegisteredMarker]) -> list[Finding]:
    found = []
    for marker, positions in duplicate_groups(cases).items():
        rows = tuple(cases[i].row.row for i in positions)
        number = markers[marker].marker_no
        shown = "、".join(map(str, rows))
        found.append(
            Finding(
                "same_marker",
                f"第 {shown} 行是同一颗界桩 {number}",
                f"rows {', '.join(map(str, rows))} are the same marker {number}",
                rows,
                {"marker_no": number},
            )
        )
    return found
