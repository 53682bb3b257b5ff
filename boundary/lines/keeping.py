"""Writing what belongs to a line: sections, agreements, findings, documents.

The agreed geometry is never written here: what changes on the ground is a finding (Order 353,
Art 7), a lawful change of the line is a new record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from boundary.authority import require
from boundary.documents import Paper, keep_document
from boundary.errors import WrongState
from boundary.line_tables import line_finding, line_section, safe_boundary
from boundary.rows import plain
from boundary.tables import line, marker
from data.actors import Actor, Role
from data.errors import Fault, FaultsFound, InvalidValue, NotFound
from data.reference import directions, find_term, terms
from data.store import Store
from data.transaction import Transaction

OPEN, SETTLED = "open", "settled"
WORST_STATE = ("disputed", "undetermined", "agreed")
"""Of several sections' states the line shows the first of these that any of them has."""
_EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
_INSPECTORS = (Role.SURVEYOR, Role.EDITOR, Role.ADMINISTRATOR)
_LINEAR = "linear_feature"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a line as it is handed in; see `line_section` for the fields."""

    kind: str
    state: str = "agreed"
    from_marker: str | None = None
    to_marker: str | None = None
    feature: str | None = None
    length_m: float | None = None
    direction: str | None = None
    course: str | None = None
    source: str | None = None


def read_line(connection: Connection, line_id: int) -> dict[str, Any]:
    """A line's record.

    Raises:
        NotFound: there is none of that id.
    """
    row = connection.execute(select(line).where(line.c.id == line_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no line {line_id}", f"没有编号为 {line_id} 的界线")
    return plain(row)


def parties_of(record: Mapping[str, Any]) -> list[str]:
    """The codes of the parties of a line or marker, first to third."""
    return [code for name in ("party_a", "party_b", "party_c") if (code := record[name])]


def set_sections(
    store: Store, actor: Actor, line_id: int, version: int, sections: Sequence[Section]
) -> int:
    """Put these sections, in their order, in the place of a line's own; returns its new version.

    Args:
        store: the store.
        actor: an editor of any party of the line.
        line_id: the line.
        version: the line's version that the writer saw.
        sections: every section of the line.

    Raises:
        FaultsFound: sections are wrong; all faults are listed by the section's number.
        Conflict: the line has changed since.
        Forbidden, NotFound: as they say.
    """
    with store.write(actor.name, "set the sections of a line") as transaction:
        connection = transaction.connection
        record = read_line(connection, line_id)
        require(connection, actor, _EDITORS, parties_of(record), "set the sections of this line")
        rows, faults = read_sections(connection, record["code"], sections)
        if faults:
            raise FaultsFound(faults)
        return replace_sections(transaction, record, version, rows)


def read_sections(
    connection: Connection,
    line_code: str | None,
    sections: Sequence[Section],
    numbers: Sequence[int] = (),
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Sections as records, and every fault of theirs by section number.

    Args:
        connection: a connection.
        line_code: the line whose markers they may name.
        sections: in their order.
        numbers: the rows they stand in; 1, 2, 3 … where they come from no file.
    """
    known = _known_markers(connection, line_code)
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for ordinal, section in enumerate(sections, start=1):
        values, found = _read_section(ordinal, section, known)
        rows.append(values)
        place = numbers[ordinal - 1] if numbers else ordinal
        faults += [replace(fault, row=place) for fault in found]
    return rows, faults


def replace_sections(
    transaction: Transaction,
    record: Mapping[str, Any],
    version: int,
    rows: Sequence[Mapping[str, Any]],
) -> int:
    """Put sections in the place of a line's own within a transaction; the line's new version."""
    old = select(line_section.c.id, line_section.c.version).where(
        line_section.c.line_id == record["id"]
    )
    for row in transaction.connection.execute(old).all():
        transaction.delete(line_section, row.id, row.version)
    transaction.insert_many(line_section, [{**row, "line_id": record["id"]} for row in rows])
    values = {"state": worst_state([row["state"] for row in rows]), "state_source": "line_section"}
    return transaction.update(line, record["id"], version, values if rows else {})


def worst_state(states: Sequence[str]) -> str | None:
    """What a line with such sections is: disputed before undetermined before agreed.

    >>> worst_state(["agreed", "undetermined"]), worst_state([])
    ('undetermined', None)
    """
    return next((state for state in WORST_STATE if state in states), None)


def _known_markers(connection: Connection, line_code: str | None) -> set[str]:
    if not line_code:
        return set()
    numbers = select(marker.c.marker_no).where(
        marker.c.line_code == line_code, marker.c.valid_to.is_(None)
    )
    return set(connection.scalars(numbers))


def _read_section(
    ordinal: int, section: Section, known: set[str]
) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []

    def fault(column: str, value: object, zh: str, en: str) -> None:
        faults.append(Fault("invalid-value", ordinal, column, str(value or ""), zh, en))

    codes: dict[str, str | None] = {}
    for column, table in (("kind", "segment_kinds"), ("state", "segment_states")):
        term = find_term(table, getattr(section, column))
        codes[column] = term.code if term else None
        if term is None:
            words = "、".join(one.zh for one in terms(table))
            fault(column, getattr(section, column), f"应为{words}之一", f"must be one of {words}")
    codes["direction"] = _direction(section.direction)
    if section.direction and codes["direction"] is None:
        fault("direction", section.direction, "不是十六方位之一", "is none of the 16 directions")
    if codes["kind"] == _LINEAR and not section.feature:
        fault("feature", "", "以线状地物为界的段应写明地物名称", "a linear feature must be named")
    if section.length_m is not None and not 0.0 < section.length_m < float("inf"):
        fault("length_m", section.length_m, "长度应为正数（米）", "must be a positive length in m")
    for column in ("from_marker", "to_marker"):
        number = getattr(section, column)
        if number and number not in known:
            fault(column, number, f"本界线没有 {number} 号界桩", "is no marker of this line")
    own = {name: getattr(section, name) for name in Section.__dataclass_fields__}
    return own | codes | {"ordinal": ordinal}, faults


def _direction(text: str | None) -> str | None:
    wanted = (text or "").strip()
    return next((row.code for row in directions() if wanted in {row.code, row.zh}), None)


def add_safe_boundary(
    store: Store, actor: Actor, line_id: int, values: Mapping[str, Any], papers: Sequence[Paper]
) -> int:
    """Keep a safe-boundary agreement (平安边界协议) of a line; returns its id.

    Args:
        store: the store.
        actor: an editor of any party.
        line_id: the line.
        values: title, level, signed_on, valid_from, valid_to, remark.
        papers: its documents.

    Raises:
        InvalidValue: the title is blank, or it ends before it begins.
    """
    begins = values.get("valid_from") or values.get("signed_on")
    ends = values.get("valid_to")
    if begins and ends and ends < begins:
        raise InvalidValue(
            "valid_to", ends.isoformat(), "an agreement ends after it begins",
            "correct one of the dates", "协议的终止日期早于起始日期；请更正",
        )  # fmt: skip
    if not str(values.get("title") or "").strip():
        raise InvalidValue(
            "title", "", "an agreement has a title", "give it", "协议缺少名称；请填写"
        )
    with store.write(actor.name, "keep a safe-boundary agreement") as transaction:
        record = read_line(transaction.connection, line_id)
        require(transaction.connection, actor, _EDITORS, parties_of(record), "keep this agreement")
        identity = transaction.insert(safe_boundary, {**values, "line_id": line_id})
        for paper in papers:
            keep_document(transaction, "safe_boundary", identity, paper)
    return identity


def add_line_document(store: Store, actor: Actor, line_id: int, paper: Paper) -> int:
    """Keep a document of a line; returns its id."""
    with store.write(actor.name, f"keep a document of line {line_id}") as transaction:
        record = read_line(transaction.connection, line_id)
        require(transaction.connection, actor, _EDITORS, parties_of(record), "keep this document")
        return keep_document(transaction, "line", line_id, paper)


def add_finding(
    store: Store, actor: Actor, line_id: int, kind: str, text: str, values: Mapping[str, Any]
) -> int:
    """Record what was found on a line; its agreed geometry stays (Order 353, Art 7).

    Args:
        store: the store.
        actor: a surveyor or editor of any party.
        line_id: the line.
        kind: one of `line_finding_kinds`, by any of its words.
        text: what was found.
        values: section_ordinal, feature_state (`feature_states`), found_on, found_by.

    Returns:
        The finding's id.

    Raises:
        InvalidValue: the kind or the state of the feature is unknown, or the text is blank.
    """
    codes = {"kind": _term("line_finding_kinds", "kind", kind)}
    state = values.get("feature_state")
    codes["feature_state"] = _term("feature_states", "feature_state", state) if state else ""
    if not text.strip():
        raise InvalidValue(
            "text", text, "a finding says what was found", "describe it", "请写明发现的情况"
        )
    with store.write(actor.name, "record a finding on a line") as transaction:
        record = read_line(transaction.connection, line_id)
        require(transaction.connection, actor, _INSPECTORS, parties_of(record), "record a finding")
        own = {"line_id": line_id, "text": text.strip(), "state": OPEN}
        named = {name: code or None for name, code in codes.items()}
        return transaction.insert(line_finding, {**values, **named, **own})


def _term(table: str, field: str, word: str) -> str:
    term = find_term(table, word)
    if term is None:
        known = "、".join(one.zh for one in terms(table))
        raise InvalidValue(
            field, word, "the word is not known", f"give one of {known}",
            f"“{word}”不在词表中；可用：{known}",
        )  # fmt: skip
    return term.code


def settle_finding(
    store: Store, actor: Actor, finding_id: int, settlement: str, settled_on: date
) -> None:
    """Close a finding with what was done about it.

    Raises:
        NotFound: there is none of that id.
        WrongState: it is settled already.
        InvalidValue: nothing is said about how.
    """
    if not settlement.strip():
        raise InvalidValue(
            "settlement", settlement, "it says what was done", "describe it", "请写明处理结果"
        )
    with store.write(actor.name, "settle a finding on a line") as transaction:
        statement = select(line_finding).where(line_finding.c.id == finding_id)
        row = transaction.connection.execute(statement).mappings().one_or_none()
        if row is None:
            raise NotFound(f"there is no finding {finding_id}", f"没有编号为 {finding_id} 的发现")
        record = read_line(transaction.connection, row["line_id"])
        require(transaction.connection, actor, _EDITORS, parties_of(record), "settle a finding")
        if row["state"] != OPEN:
            raise WrongState(
                f"finding {finding_id} was settled on {row['settled_on']}",
                f"发现 {finding_id} 已于 {row['settled_on']} 处理完毕",
            )
        values = {"state": SETTLED, "settlement": settlement.strip(), "settled_on": settled_on}
        transaction.update(line_finding, finding_id, row["version"], values)
