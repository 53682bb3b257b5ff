"""A surveyed line in the place of a drafted one (勘定), before its agreement is approved.

No line's geometry is ever written over, a draft's neither: the draft's record ends on the day it
began, so that it never was in force, and the surveyed line begins as its successor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, or_, select

from boundary.authority import names_of, require
from boundary.change_tables import line_change
from boundary.changes.survey_checks import (
    REFUSES,
    Surroundings,
    SurveyFinding,
    survey_findings,
)
from boundary.changes.values import BEGINS, SURVEYED
from boundary.errors import WrongState
from boundary.lines.keeping import parties_of, read_line
from boundary.marker_tables import marker_line
from boundary.tables import line, marker
from boundary.topology.planes import Ground
from data.actors import Actor, Role
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound, InvalidFile
from data.formats import LOAD_LIMITS, ColumnMap, open_table
from data.geometry import MULTILINESTRING, point_xy, to_wkb
from data.store import Store
from data.stored_files import keep_file
from gazetteer.tables import division

_ROLES: Final = (Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
_COMPUTED, _UNDETERMINED = "computed", "undetermined"
_KEPT: Final = (
    *("code", "name", "section", "name_source", "level", "party_a", "party_b", "party_c"),
    *("state", "state_source", "valid_from", "licence", "synthetic"),
)
_THREE_FACES: Final = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of one line.

    Attributes:
        shape: the line in degrees of the store's datum.
        source: where it comes from, for the record.
        content: the file as it came, kept under its hash; None where there was none.
    """

    shape: BaseGeometry
    source: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey did, or would do: the line's length, what was found.

    Attributes:
        line_id, version: the surveyed line's record; the draft's where nothing was written.
        length_m: its length on the ellipsoid.
        findings: what does not fit.
    """

    line_id: int
    version: int
    length_m: float
    findings: tuple[SurveyFinding, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        found = [one.as_json() for one in self.findings]
        return {name: getattr(self, name) for name in ("line_id", "version", "length_m")} | {
            "findings": found
        }


def check_survey(connection: Connection, line_id: int, shape: BaseGeometry, crs: str) -> Surveyed:
    """What would be found about a surveyed line; nothing is written.

    Args:
        connection: a reading connection.
        line_id: a line that a division change drafted.
        shape: the surveyed line, degrees.
        crs: the store's reference system.

    Raises:
        NotFound: there is no such line.
        WrongState: it is no drafted line, or is agreed already.
    """
    record = read_line(connection, line_id)
    _drafting(connection, record)
    return _checked(connection, record, shape, crs)


def take_survey(
    store: Store, actor: Actor, line_id: int, version: int, survey: Survey, *, accept: bool = False
) -> Surveyed:
    """Put a surveyed line in the place of a drafted one; it is undetermined until it is agreed.

    Args:
        store: the store.
        actor: an editor or approver of a party of the line.
        line_id: a line that a division change drafted.
        version: the line's version that the writer saw.
        survey: the survey.
        accept: whether findings that ask are accepted; those that refuse never are.

    Raises:
        NotFound: there is no such line.
        WrongState: it is no drafted line, or is agreed already.
        FaultsFound: it does not fit; every finding is told and nothing is written.
        Conflict: the line has changed since.
        Forbidden: the actor holds no such role with a party of the line.
    """
    with store.write(actor.name, "take the survey of a drafted line (勘定)") as transaction:
        connection = transaction.connection
        record = read_line(connection, line_id)
        require(connection, actor, _ROLES, parties_of(record), "take a survey of this line")
        change = _drafting(connection, record)
        found = _checked(connection, record, survey.shape, store.crs)
        _refuse([one for one in found.findings if one.severity == REFUSES or not accept])
        kept = f"; SHA-256 {keep_file(transaction, survey.content)}" if survey.content else ""
        transaction.update(line, line_id, version, {"valid_to": record["valid_from"]})
        surveyed = {name: record[name] for name in _KEPT} | {
            "geom": to_wkb(_lines(survey.shape)),
            "length_m": found.length_m,
            "length_basis": _COMPUTED,
            "source": f"surveyed (勘定): {survey.source}{kept}",
        }
        identity = transaction.insert(line, surveyed)
        followed = {name: change[name] for name in ("event_id", "effective_on", "parties_after")}
        transaction.insert(
            line_change,
            followed
            | {"kind": SURVEYED, "line_id": line_id, "successor_id": identity}
            | {"level_after": record["level"], "note": survey.source},
        )
    return Surveyed(identity, 1, found.length_m, found.findings)


def read_survey(path: Path, crs: str, file_crs: str | None = None) -> Survey:
    """The one line of a file, in any format that holds lines.

    Args:
        path: the file.
        crs: the store's reference system.
        file_crs: the file's, where it names none.

    Raises:
        InvalidFile: the file cannot be read, or holds no line.
        FaultsFound: a row of it is no line.
    """
    system = ReferenceSystem.parse(crs)
    parts: list[shapely.LineString] = []
    faults: list[Fault] = []
    with open_table(path, limits=LOAD_LIMITS, crs=file_crs) as table:
        for row in table.rows:
            cells = Cells(row, ColumnMap("lines", table.columns, {}), file_crs)
            wkb = cells.shape(MULTILINESTRING, system, table.crs)
            faults += cells.faults
            if wkb is not None:
                shapes = shapely.get_parts(shapely.from_wkb(wkb))
                parts += [one for one in shapes if isinstance(one, shapely.LineString)]
    if faults:
        raise FaultsFound(faults)
    if not parts:
        raise InvalidFile(
            f"{path.name} holds no line; export the surveyed line with its geometry",
            f"{path.name} 中没有线；请导出带图形的勘测界线",
        )
    return Survey(shapely.MultiLineString(parts), path.name, path.read_bytes())


def _refuse(findings: Sequence[SurveyFinding]) -> None:
    if findings:
        raise FaultsFound(
            [Fault(one.kind, None, None, str(one.value), one.zh, one.en) for one in findings]
        )


def _drafting(connection: Connection, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The change that drafted a line which waits for its survey, or took an earlier survey."""
    statement = select(line_change).where(
        line_change.c.successor_id == record["id"], line_change.c.kind.in_((BEGINS, SURVEYED))
    )
    found = connection.execute(statement.limit(1)).mappings().one_or_none()
    if found is None or record["state"] != _UNDETERMINED or record["valid_to"] is not None:
        raise WrongState(
            f"line {record['id']} is no draft of a division change that waits for its survey; an"
            " agreed line is changed by a new record (Order 353, Art 7)",
            f"界线 {record['id']} 不是待勘定的草拟界线；已勘定的界线变更须另立记录（条例第七条）",
        )
    return dict(found)


def _checked(
    connection: Connection, record: Mapping[str, Any], shape: BaseGeometry, crs: str
) -> Surveyed:
    ground = Ground.on(ReferenceSystem.parse(crs).datum.ellipsoid)
    lines = _lines(shape)
    found = survey_findings(lines, _around(connection, record), ground)
    return Surveyed(record["id"], record["version"], round(ground.length_m(lines), 3), tuple(found))


def _lines(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.line_merge(shape))
    return shapely.MultiLineString([one for one in parts if isinstance(one, shapely.LineString)])


def _around(connection: Connection, record: Mapping[str, Any]) -> Surroundings:
    codes = parties_of(record)
    c = line.c
    parties = (c.party_a, c.party_b, c.party_c)
    rows = connection.execute(
        select(c.code, c.name, c.geom).where(
            c.valid_to.is_(None), c.geom.is_not(None), c.id != record["id"],
            or_(*(party.in_(codes) for party in parties)),
        )
    ).all()  # fmt: skip
    names = names_of(connection, codes)
    return Surroundings(
        shapely.from_wkb(record["geom"]),
        _outlines(connection, codes),
        names,
        [(row.name or row.code or "", shapely.from_wkb(row.geom)) for row in rows],
        _junctions(connection, [row.code for row in rows if row.code]),
    )


def _outlines(connection: Connection, codes: Sequence[str]) -> dict[str, BaseGeometry | None]:
    rows = connection.execute(
        select(division.c.code, division.c.geom).where(
            division.c.code.in_(codes), division.c.valid_to.is_(None)
        )
    ).all()
    known = {row.code: shapely.from_wkb(row.geom) for row in rows if row.geom is not None}
    return {code: known.get(code) for code in codes}


def _junctions(connection: Connection, line_codes: Sequence[str]) -> list[tuple[str, float, float]]:
    """Tri-junction markers of these lines, by number."""
    if not line_codes:
        return []
    c = marker.c
    meeting = select(marker_line.c.marker_id).where(marker_line.c.line_code.in_(line_codes))
    rows = connection.execute(
        select(c.marker_no, c.geom).where(
            c.valid_to.is_(None), c.faces == _THREE_FACES, c.geom.is_not(None),
            or_(c.line_code.in_(line_codes), c.id.in_(meeting)),
        )
    ).all()  # fmt: skip
    return [(row.marker_no, *point_xy(row.geom)) for row in rows]
