"""What was lawfully done to a marker: each act a version with parties, survey and documents.

A reference position never changes (Order 353, Art 6). A lawful relocation ends the marker's record
and begins another that names it as its predecessor; the old position stays readable for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from boundary.authority import division_path, require
from boundary.documents import Paper, documents_of, keep_document
from boundary.errors import NotLawful, WrongState
from boundary.lines.keeping import parties_of
from boundary.marker_tables import marker_line, marker_signatory, marker_version
from boundary.rows import plain
from boundary.status.keeping import refresh
from boundary.tables import line, marker
from data.actors import Actor, Role
from data.cell_positions import point_of
from data.coordinates import ReferenceSystem
from data.errors import Conflict, InvalidValue, NotFound
from data.reference import RestorationKind, restoration_kind, terms
from data.store import Store
from data.transaction import Transaction

_EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
_RULE = "L353 Art 6"
_RELOCATE = "relocate"
_SPLIT = "|"
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a marker, as it is handed in.

    Attributes:
        kind: one of `restoration_kinds`, by any of its words.
        happened_on: the day.
        parties: division codes of the parties that took part or stood by.
        witness: who stood by for the neighbour.
        agreement: the number of the agreement or consent.
        survey_method: how the position was surveyed with it.
        sigma_m: standard deviation of each axis of that survey, metres.
        surveyed_on: the day of the survey.
        surveyor: who surveyed.
        distance_m: how far from the reference position the marker then stood, metres.
        filed_with: where it was filed.
        filed_on: the day.
        note: anything else.
        papers: its documents.
    """

    kind: str
    happened_on: date
    parties: tuple[str, ...] = ()
    witness: str | None = None
    agreement: str | None = None
    survey_method: str | None = None
    sigma_m: float | None = None
    surveyed_on: date | None = None
    surveyor: str | None = None
    distance_m: float | None = None
    filed_with: str | None = None
    filed_on: date | None = None
    note: str | None = None
    papers: tuple[Paper, ...] = ()


def read_marker(connection: Connection, marker_id: int) -> dict[str, Any]:
    """A marker's record.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(marker).where(marker.c.id == marker_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no marker {marker_id}", f"没有编号为 {marker_id} 的界桩")
    return plain(row)


def marker_parties(connection: Connection, record: Mapping[str, Any]) -> list[str]:
    """The division codes on a marker's sides: its own where stated, else those of its lines."""
    own = parties_of(record)
    if own or not record["line_code"]:
        return own
    met = select(marker_line.c.line_code).where(marker_line.c.marker_id == record["id"])
    codes = [record["line_code"], *connection.scalars(met)]
    sides = (line.c.party_a, line.c.party_b, line.c.party_c)
    rows = connection.execute(
        select(*sides).where(line.c.code.in_(codes), line.c.valid_to.is_(None)).order_by(line.c.id)
    )
    return list(dict.fromkeys(code for row in rows for code in row if code))


def all_parties(
    connection: Connection, records: Sequence[Mapping[str, Any]]
) -> dict[int, list[str]]:
    """As `marker_parties`, of many markers by id, with few questions."""
    bare = [record for record in records if not parties_of(record) and record["line_code"]]
    ids = [record["id"] for record in bare]
    met: dict[int, list[str]] = {record["id"]: [record["line_code"]] for record in bare}
    for start in range(0, len(ids), _CHUNK):
        part = marker_line.c.marker_id.in_(ids[start : start + _CHUNK])
        linked = select(marker_line.c.marker_id, marker_line.c.line_code).where(part)
        for row in connection.execute(linked.order_by(marker_line.c.id)):
            met[row.marker_id].append(row.line_code)
    sides = _sides(connection, sorted({code for codes in met.values() for code in codes}))
    return {
        record["id"]: parties_of(record)
        or list(
            dict.fromkeys(
                code
                for _, own in sorted(
                    side for line_code in met.get(record["id"], ()) for side in sides[line_code]
                )
                for code in own
            )
        )
        for record in records
    }


def _sides(
    connection: Connection, line_codes: Sequence[str]
) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """The parties of lines in force by the line's code, each with the line's id."""
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = {code: [] for code in line_codes}
    columns = (line.c.code, line.c.id, line.c.party_a, line.c.party_b, line.c.party_c)
    for start in range(0, len(line_codes), _CHUNK):
        part = line.c.code.in_(line_codes[start : start + _CHUNK])
        for row in connection.execute(select(*columns).where(part, line.c.valid_to.is_(None))):
            found[row.code].append((row.id, tuple(code for code in row[2:] if code)))
    return found


def record_act(
    store: Store, actor: Actor, marker_id: int, version: int, act: Act, today: date
) -> int:
    """Record an act that leaves the marker where it is, or ends it; returns the version's id.

    Args:
        store: the store.
        actor: an editor of any party of the marker.
        marker_id: the marker.
        version: the record's version that the writer saw.
        act: what was done; not a relocation, which has a function of its own.
        today: the day that dates must not lie after.

    Raises:
        NotLawful: parties, agreement or survey are missing; all that is missing is named.
        InvalidValue: a value is wrong.
        WrongState: the marker has ended.
        Conflict, Forbidden, NotFound: as they say.
    """
    kind = _kind(act)
    if kind.code == _RELOCATE:
        raise InvalidValue(
            "kind", act.kind, "a relocation needs the new position", "send it as a relocation",
            "迁移须同时提供新的位置；请按“移位”办理",
        )  # fmt: skip
    with store.write(actor.name, f"{kind.en} of marker {marker_id}") as transaction:
        record = _open(transaction.connection, actor, marker_id, version, act, kind, today)
        identity = insert_version(transaction, record, kind, act, None)
        if kind.ends:
            transaction.update(marker, marker_id, version, {"valid_to": act.happened_on})
        refresh(transaction, [marker_id])
    return identity


def relocate(
    store: Store,
    actor: Actor,
    marker_id: int,
    version: int,
    act: Act,
    position: Mapping[str, str],
    today: date,
) -> int:
    """Move a marker by agreement: end its record and begin another; returns the new marker's id.

    Args:
        store: the store.
        actor: an editor of any party of the marker.
        marker_id: the marker.
        version: the record's version that the writer saw.
        act: the relocation, with every party, the agreement and the joint survey.
        position: the new position as typed: lon and lat, or x_north and y_east; crs, sigma_m,
            tolerance_m, tolerance_source, accuracy_class, height_m where they are new.
        today: the day that dates must not lie after.

    Raises:
        NotLawful: parties, agreement or survey are missing; all that is missing is named.
        InvalidValue: the position is none.
        NotComparable: it is in another datum than the store's.
    """
    kind = _kind(act)
    if kind.code != _RELOCATE:
        raise InvalidValue("kind", act.kind, "this is no relocation", "send relocate", "不是移位")
    values = _new_position(position, ReferenceSystem.parse(store.crs))
    with store.write(actor.name, f"relocate marker {marker_id} by agreement") as transaction:
        record = _open(transaction.connection, actor, marker_id, version, act, kind, today)
        successor = _succeed(transaction, record, act, values)
        transaction.update(marker, marker_id, version, {"valid_to": act.happened_on})
        insert_version(transaction, record, kind, act, successor)
        refresh(transaction, [marker_id, successor])
    return successor


def _kind(act: Act) -> RestorationKind:
    kind = restoration_kind(act.kind)
    if kind is None:
        known = "、".join(one.zh for one in terms("restoration_kinds"))
        raise InvalidValue(
            "kind", act.kind, "this names no act on a marker", f"give one of {known}",
            f"“{act.kind}”不是界桩处置方式；可用：{known}",
        )  # fmt: skip
    return kind


def _open(
    connection: Connection,
    actor: Actor,
    marker_id: int,
    version: int,
    act: Act,
    kind: RestorationKind,
    today: date,
) -> dict[str, Any]:
    """The marker's record, once everything that the act needs is known to be there."""
    record = read_marker(connection, marker_id)
    parties = marker_parties(connection, record)
    require(connection, actor, _EDITORS, parties, f"record a {kind.en}")
    if record["version"] != version:
        raise Conflict(
            f"marker {marker_id} is at version {record['version']}, not {version}: read it again",
            f"界桩 {marker_id} 现为第 {record['version']} 版，不是第 {version} 版；"
            "请重新读取后再办理",
        )
    if record["valid_to"] is not None:
        raise WrongState(
            f"marker {record['marker_no']} ended on {record['valid_to']}",
            f"{record['marker_no']} 号界桩已于 {record['valid_to']} 终止",
        )
    _check_dates(act, today)
    missing = _missing(connection, act, kind, parties)
    if missing:
        raise NotLawful((kind.en, kind.zh), missing, f"{_RULE}; {kind.source}")
    return record


def _check_dates(act: Act, today: date) -> None:
    for name in ("happened_on", "surveyed_on", "filed_on"):
        value: date | None = getattr(act, name)
        if value is not None and value > today:
            raise InvalidValue(
                name, value.isoformat(), "what is recorded lies not after today",
                "correct the date", f"日期 {value} 晚于今天；请更正",
            )  # fmt: skip
    for name in ("sigma_m", "distance_m"):
        metres: float | None = getattr(act, name)
        if metres is not None and not 0.0 <= metres < float("inf"):
            raise InvalidValue(
                name, metres, "a length is not negative", "correct it", "长度应为非负数（米）"
            )


def _missing(
    connection: Connection, act: Act, kind: RestorationKind, parties: Sequence[str]
) -> list[tuple[str, str]]:
    missing: list[tuple[str, str]] = []
    if kind.all_parties:
        missing += _absent(connection, act.parties, parties)
    if kind.agreement and not (act.agreement or "").strip():
        missing.append(("the agreement or consent of the parties", "各方协议或同意文件"))
    if kind.survey and (act.surveyed_on is None or not (act.survey_method or "").strip()):
        missing.append(("the joint survey: its day and method", "共同测量（日期与方法）"))
    return missing


def _absent(
    connection: Connection, named: Sequence[str], parties: Sequence[str]
) -> list[tuple[str, str]]:
    """The parties that are not named, neither themselves nor a division around or inside."""
    if not parties:
        return (
            []
            if len(set(named)) > 1
            else [("both parties of the line", "界线双方（登记簿未载明，请写明双方）")]
        )
    above = {code: set(division_path(connection, [code])) for code in {*named, *parties}}
    return [
        (f"party {party}", f"当事方 {party}")
        for party in parties
        if not any(party in above[code] or code in above[party] for code in named)
    ]


def insert_version(
    transaction: Transaction,
    record: Mapping[str, Any],
    kind: RestorationKind,
    act: Act,
    successor: int | None,
) -> int:
    """Record an act on a marker within a transaction; the version's id.

    Args:
        transaction: an open transaction.
        record: the marker.
        kind: what was done.
        act: how.
        successor: the record that follows a relocation.
    """
    plain = {
        name: getattr(act, name)
        for name in Act.__dataclass_fields__
        if name not in {"kind", "parties", "papers"}
    }
    identity = transaction.insert(
        marker_version,
        {
            **plain,
            "marker_id": record["id"],
            "kind": kind.code,
            "parties": _SPLIT.join(act.parties) or None,
            "successor_id": successor,
        },
    )
    for paper in act.papers:
        keep_document(transaction, "marker_version", identity, paper)
    return identity


_POSITION = ("lon", "lat", "x_north", "y_east")
_CARRIED = ("sigma_m", "tolerance_m", "tolerance_source", "accuracy_class", "height_m")
_LEFT = frozenset(
    {"id", "version", "geom", "remark"}
    | {"condition", "verdict", "inspected_on", "status", "status_open", "status_rules"}
)


def _new_position(position: Mapping[str, str], store: ReferenceSystem) -> dict[str, Any]:
    given = {name: str(position[name]) for name in _POSITION if position.get(name)}
    if not given:
        raise InvalidValue(
            "lon", "", "a relocation names the new position", "give lon and lat, or X and Y",
            "移位缺少新位置；请填写经纬度或纵横坐标",
        )  # fmt: skip
    stated = position.get("crs") or ""
    system = ReferenceSystem.parse(stated) if stated else store
    point = point_of(given, system, store, exact=True)
    values: dict[str, Any] = {
        "geom": point.wkb,
        "coordinate_text": ", ".join(given.values()),
        "crs_text": stated or None,
    }
    return values | {name: position[name] for name in _CARRIED if position.get(name) is not None}


def _succeed(
    transaction: Transaction, record: Mapping[str, Any], act: Act, values: Mapping[str, Any]
) -> int:
    """A new record of the same number at the new place, with the sheet's people and lines."""
    kept = {name: value for name, value in record.items() if name not in _LEFT}
    survey: dict[str, Any] = {"survey_method": act.survey_method, "surveyed_on": act.surveyed_on}
    if act.sigma_m is not None:
        survey |= {"sigma_m": act.sigma_m}
    links = {"predecessor_id": record["id"], "valid_from": act.happened_on, "valid_to": None}
    successor = transaction.insert(marker, {**kept, **survey, **values, **links})
    connection = transaction.connection
    for table in (marker_signatory, marker_line):
        rows = connection.execute(select(table).where(table.c.marker_id == record["id"])).mappings()
        copied = [plain(row, ("id", "version")) for row in rows]
        transaction.insert_many(table, [row | {"marker_id": successor} for row in copied])
    return successor


def history_of(connection: Connection, marker_id: int) -> list[dict[str, Any]]:
    """Every version of a marker and of the records before and after it, oldest first.

    Raises:
        NotFound: there is no marker of that id.
    """
    chain = _chain(connection, marker_id)
    statement = (
        select(marker_version)
        .where(marker_version.c.marker_id.in_(chain))
        .order_by(marker_version.c.happened_on, marker_version.c.id)
    )
    rows = [plain(row) for row in connection.execute(statement).mappings()]
    papers = documents_of(connection, "marker_version", [row["id"] for row in rows])
    return [
        row
        | {"parties": (row["parties"] or "").split(_SPLIT) if row["parties"] else []}
        | {"documents": [one for one in papers if one["owner_id"] == row["id"]]}
        for row in rows
    ]


def _chain(connection: Connection, marker_id: int) -> list[int]:
    """The ids of one marker's records through its relocations, oldest first."""
    chain = [marker_id]
    previous = read_marker(connection, marker_id)["predecessor_id"]
    while previous is not None and previous not in chain:
        chain.insert(0, previous)
        previous = read_marker(connection, previous)["predecessor_id"]
    following = select(marker.c.id)
    while True:
        found = connection.scalars(following.where(marker.c.predecessor_id == chain[-1])).first()
        if found is None or found in chain:
            return chain
        chain.append(found)
