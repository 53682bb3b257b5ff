"""What topology is checked on, read from the store; what was found, kept until the next write."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import shapely
from sqlalchemy import Connection, select

from boundary.lines.keeping import parties_of
from boundary.marker_tables import marker_line
from boundary.rows import plain
from boundary.tables import line, marker
from boundary.topology.checking import Checked, check_topology
from boundary.topology.values import (
    GRADES,
    Area,
    Finding,
    RegisteredLine,
    RegisteredPoint,
)
from data.coordinates import ReferenceSystem
from data.errors import InvalidValue, NotReady
from data.geometry import point_xy
from data.progress import Report
from data.reference import find_term, outline_uncertainty_m, terms
from data.store import Store
from gazetteer.divisions.codes import significant
from gazetteer.tables import division

DEFAULT_LEVEL: Final = "county"
LEVELS: Final = ("region", "prefecture", "county", "township")
_AGREED: Final = "agreed"
_LONGEST: Final = 12
_MOST_SELECTED: Final = 50
"""Queries whose findings are kept."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Outlines of one level, lines and markers in force, and the reference system they are in."""

    areas: Sequence[Area]
    lines: Sequence[RegisteredLine]
    points: Sequence[RegisteredPoint]
    crs: str


@dataclass(frozen=True, slots=True)
class TopologyQuery:
    """Which findings are asked for; None asks for all.

    Attributes:
        within: a division; findings about it, what it contains, or lines on its edge.
        kind: of `topology_kinds`, by any of its words.
        grade: at least so grave.
        line: the code of a line.
    """

    within: str | None = None
    kind: str | None = None
    grade: str | None = None
    line: str | None = None


def read_inputs(connection: Connection, crs: str, level: str = DEFAULT_LEVEL) -> Inputs:
    """Everything that topology is checked on.

    Args:
        connection: a reading connection.
        crs: the store's reference system.
        level: of the divisions whose outlines are compared.

    Raises:
        InvalidValue: there is no such level.
    """
    if level not in LEVELS:
        raise InvalidValue(
            "level", level, "divisions have no such level", f"give one of {', '.join(LEVELS)}",
            f"没有级别“{level}”；可用：{'、'.join(LEVELS)}",
        )  # fmt: skip
    return Inputs(_areas(connection, level), _lines(connection), _points(connection), crs)


def _areas(connection: Connection, level: str) -> list[Area]:
    columns = (
        *(division.c.code, division.c.name, division.c.level, division.c.parent_code),
        *(division.c.source, division.c.valid_from, division.c.in_region, division.c.geom),
    )
    statement = select(*columns).where(
        division.c.level == level, division.c.valid_to.is_(None), division.c.geom.is_not(None)
    )
    return [
        Area(
            row.code, row.name, row.level, shapely.from_wkb(row.geom), row.parent_code,
            outline_uncertainty_m(row.source), row.valid_from, bool(row.in_region),
        )
        for row in connection.execute(statement.order_by(division.c.code))
    ]  # fmt: skip


def _lines(connection: Connection) -> list[RegisteredLine]:
    statement = select(line).where(line.c.valid_to.is_(None), line.c.geom.is_not(None))
    return [
        RegisteredLine(
            row["id"], row["code"] or "", " ".join(filter(None, (row["name"], row["section"]))),
            row["level"], tuple(parties_of(row)), shapely.from_wkb(row["geom"]),
            row["length_m"] if row["length_basis"] == _AGREED else None,
            outline_uncertainty_m(row["source"]),
        )
        for row in map(plain, connection.execute(statement.order_by(line.c.id)).mappings())
    ]  # fmt: skip


def _points(connection: Connection) -> list[RegisteredPoint]:
    meeting: dict[int, list[str]] = defaultdict(list)
    rows = select(marker_line.c.marker_id, marker_line.c.line_code).order_by(marker_line.c.id)
    for row in connection.execute(rows):
        meeting[row.marker_id].append(row.line_code)
    columns = ("id", "marker_no", "kind", "sequence", "line_code", "sigma_m", "tolerance_m")
    more = ("height_m", "faces", "geom")
    statement = select(*(marker.c[name] for name in (*columns, *more))).where(
        marker.c.valid_to.is_(None), marker.c.geom.is_not(None)
    )
    return [
        RegisteredPoint(
            row.id, row.marker_no, *point_xy(row.geom), row.kind or "", row.sequence,
            tuple(dict.fromkeys(filter(None, (row.line_code, *meeting.get(row.id, ()))))),
            row.sigma_m, row.tolerance_m, row.height_m, row.faces,
        )
        for row in connection.execute(statement.order_by(marker.c.id))
    ]  # fmt: skip


def check_inputs(inputs: Inputs, progress: Report | None = None) -> Checked:
    """Check what was read."""
    ellipsoid = ReferenceSystem.parse(inputs.crs).datum.ellipsoid
    return check_topology(
        inputs.areas, inputs.lines, inputs.points, ellipsoid=ellipsoid, progress=progress
    )


def select_findings(
    checked: Checked, inputs: Inputs, query: TopologyQuery
) -> list[tuple[int, Finding]]:
    """The findings that are asked for, each with its number among all, the gravest first.

    Raises:
        InvalidValue: a kind or grade is unknown.
    """
    kind = _term("topology_kinds", "kind", query.kind)
    grade = _term("topology_grades", "grade", query.grade)
    lowest = GRADES.index(grade) if grade else len(GRADES)
    inside = _inside(inputs.areas, query.within)
    return [
        (number, one)
        for number, one in enumerate(checked.findings)
        if (kind is None or one.kind == kind)
        and GRADES.index(one.grade) <= lowest
        and (query.line is None or one.line_code == query.line)
        and (inside is None or any(inside(code) for code in one.divisions))
    ]


def _term(table: str, field: str, word: str | None) -> str | None:
    if word is None:
        return None
    term = find_term(table, word)
    if term is None:
        known = ", ".join(one.code for one in terms(table))
        raise InvalidValue(
            field, word, "the word is not known", f"give one of {known}",
            f"“{word}”不在词表中；可用：{known}",
        )  # fmt: skip
    return term.code


def _inside(areas: Sequence[Area], within: str | None) -> Any:
    """Tells whether a division lies in another: by the register's hierarchy, else by its digits."""
    if within is None:
        return None
    parents = {area.code: area.parent_code for area in areas}
    digits = significant(within)

    def holds(code: str) -> bool:
        known: set[str] = set()
        at: str | None = code
        while at and at not in known and len(known) < _LONGEST:
            if at == within:
                return True
            known.add(at)
            at = parents.get(at)
        return code.startswith(digits)

    return holds


@dataclass(frozen=True, slots=True)
class Selected:
    """The findings that are asked for.

    Attributes:
        found: each with its number among all, the gravest first.
        counted: how many there are of each kind and grade (`summary`).
    """

    found: Sequence[tuple[int, Finding]]
    counted: Sequence[Mapping[str, Any]]


class _Kept:
    """What was found in one state of a store; made once, in a thread of its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mark = ""
        self.made: dict[str, Future[tuple[Inputs, Checked]]] = {}
        self.selected: dict[tuple[str, TopologyQuery], tuple[Checked, Selected]] = {}
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="topology")


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_making = threading.Lock()


def current_topology(store: Store, level: str, patience_s: float) -> tuple[Inputs, Checked]:
    """What was found in the store as it now is; made in the background, and kept.

    Args:
        store: the store.
        level: of the divisions.
        patience_s: how long to wait for what is being made.

    Raises:
        InvalidValue: there is no such level.
        NotReady: it takes longer than that; ask again.
    """
    with store.read() as connection:
        mark = store.change_mark(connection)
        if level not in LEVELS:
            read_inputs(connection, store.crs, level)
    with _making:
        kept = _kept.setdefault(store, _Kept())
    with kept.lock:
        if kept.mark != mark:
            kept.mark, kept.made, kept.selected = mark, {}, {}
        future = kept.made.get(level)
        if future is None:
            future = kept.made[level] = kept.pool.submit(_make, store, level)
    try:
        return future.result(timeout=patience_s)
    except StillRunning:
        raise NotReady(
            "topology is being checked; ask again in a few seconds",
            "正在进行拓扑检查；请稍后再试",
        ) from None


def current_findings(
    store: Store, level: str, query: TopologyQuery, patience_s: float
) -> tuple[Checked, Selected]:
    """The findings of a query in the store as it now is, kept as long as what was checked.

    Raises:
        InvalidValue: there is no such level, kind or grade.
        NotReady: as `current_topology`.
    """
    inputs, checked = current_topology(store, level, patience_s)
    kept, key = _kept[store], (level, query)
    with kept.lock:
        known = kept.selected.get(key)
    if known is None or known[0] is not checked:
        found = select_findings(checked, inputs, query)
        known = checked, Selected(found, summary([one for _, one in found]))
        with kept.lock:
            if len(kept.selected) >= _MOST_SELECTED:
                kept.selected.clear()
            kept.selected[key] = known
    return known


def _make(store: Store, level: str) -> tuple[Inputs, Checked]:
    with store.read() as connection:
        inputs = read_inputs(connection, store.crs, level)
    return inputs, check_inputs(inputs)


def summary(findings: Sequence[Finding]) -> list[Mapping[str, Any]]:
    """How many findings there are of each kind and grade, in the order of the kinds."""
    counted: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(GRADES, 0))
    for one in findings:
        counted[one.kind][one.grade] += 1
    return [
        {"kind": term.code, "zh": term.zh, "en": term.en, **counted[term.code]}
        for term in terms("topology_kinds")
        if term.code in counted
    ]
