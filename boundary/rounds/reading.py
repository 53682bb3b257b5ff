"""Rounds as pages: the list, one round with its progress, the calendar of all lines."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from boundary.authority import names_of
from boundary.documents import documents_of
from boundary.round_tables import joint_round, round_file, round_line, round_signature, round_team
from boundary.rounds.due import due_days, next_due
from boundary.rounds.keeping import (
    FILED,
    REGULAR,
    SIGNED,
    lines_of,
    markers_of_round,
    parties_of_round,
    read_round,
)
from boundary.rounds.reconciling import compare
from boundary.rows import plain
from boundary.tables import line
from data.geometry import point_xy

CALENDAR_YEARS = 10
MOST_ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """When a line is due.

    `last_on` is the day of the last round or, before the first, of the line's approval; None where
    neither is known, and then `due` is empty. An overdue day comes first.
    """

    line_id: int
    code: str
    name: str
    level: str
    parties: str
    last_on: date | None
    last_number: int | None
    due: tuple[date, ...]
    overdue: bool


def list_rounds(
    connection: Connection, state: str | None = None, line_id: int | None = None
) -> list[dict[str, Any]]:
    """Rounds, the newest first."""
    statement = select(joint_round).order_by(joint_round.c.id.desc()).limit(MOST_ROUNDS)
    if state is not None:
        statement = statement.where(joint_round.c.state == state)
    if line_id is not None:
        own = select(round_line.c.round_id).where(round_line.c.line_id == line_id)
        statement = statement.where(joint_round.c.id.in_(own))
    return [plain(row, ("route",)) for row in connection.execute(statement).mappings()]


def round_page(connection: Connection, round_id: int) -> dict[str, Any]:
    """A round with its lines, teams, files, progress, observations of both sides, signatures.

    Raises:
        NotFound: there is no round of that id.
    """
    record = read_round(connection, round_id)
    lines = lines_of(connection, round_id)
    markers = markers_of_round(connection, lines)
    found = compare(connection, round_id, markers)
    parties = parties_of_round(lines)
    names = names_of(connection, parties)
    counted = Counter(one["state"] for one in found)
    by_side = Counter(side for one in found for side in one["sides"])
    return {
        "round": plain(record, ("route",)),
        "lines": [
            {name: one[name] for name in ("id", "code", "name", "section", "approving_authority")}
            for one in lines
        ],
        "parties": [{"code": code, "name": names.get(code, code)} for code in parties],
        "teams": _rows(connection, round_team, round_id),
        "files": _rows(connection, round_file, round_id),
        "progress": {
            "markers": len(markers),
            **{state: counted[state] for state in _STATES},
            **{f"seen_by_{code}": by_side[code] for code in parties},
        },
        "route": tour(record, markers),
        "observations": found,
        "signatures": _rows(connection, round_signature, round_id),
        "documents": documents_of(connection, "joint_round", [round_id]),
    }


_STATES = ("agree", "conflict", "decided", "one_sided", "missing")


def tour(record: Mapping[str, Any], markers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The markers of a round in the order of its tour, with their places."""
    known = {one["id"]: one for one in markers}
    order = [int(text) for text in (record["route"] or "").split("|") if text]
    found = []
    for place, one in enumerate((known[key] for key in order if key in known), start=1):
        lon, lat = point_xy(one["geom"])
        found.append(
            {"stop": place, "marker_id": one["id"], "marker_no": one["marker_no"]}
            | {"lon": lon, "lat": lat, "status": one["status"]}
        )
    return found


def _rows(connection: Connection, table: Table, round_id: int) -> list[dict[str, Any]]:
    statement = select(table).where(table.c.round_id == round_id).order_by(table.c.id)
    hidden = ("id", "round_id", "version")
    return [plain(row, hidden) for row in connection.execute(statement).mappings()]


def calendar(
    connection: Connection, today: date, years: int = CALENDAR_YEARS
) -> list[CalendarLine]:
    """When every line in force is due within some years, those due first before others."""
    done = _last_rounds(connection)
    columns = ("id", "code", "name", "section", "level", "party_a", "party_b", "party_c")
    statement = select(*(line.c[name] for name in (*columns, "approved_on"))).where(
        line.c.valid_to.is_(None)
    )
    rows = connection.execute(statement).mappings().all()
    names = names_of(connection, {row[f"party_{side}"] for row in rows for side in "abc"})
    found = [_calendar_line(plain(row), done, names, today, years) for row in rows]
    return sorted(found, key=lambda one: (not one.due, one.due[:1], one.code, one.line_id))


def _last_rounds(connection: Connection) -> dict[int, tuple[date, int | None]]:
    """The last completed regular round of each line."""
    statement = (
        select(round_line.c.line_id, joint_round.c.completed_on, joint_round.c.number)
        .join(joint_round, joint_round.c.id == round_line.c.round_id)
        .where(
            joint_round.c.kind == REGULAR,
            joint_round.c.state.in_((SIGNED, FILED)),
            joint_round.c.completed_on.is_not(None),
        )
    )
    found: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row[0]].append((row[1], row[2]))
    return {key: max(rounds, key=lambda one: one[0]) for key, rounds in found.items()}


def _calendar_line(
    row: Mapping[str, Any],
    done: Mapping[int, tuple[date, int | None]],
    names: Mapping[str, str],
    today: date,
    years: int,
) -> CalendarLine:
    last_on, number = done.get(row["id"], (row["approved_on"], None))
    due = due_days(last_on, today, years)
    sides = [row[f"party_{side}"] for side in "abc" if row[f"party_{side}"]]
    return CalendarLine(
        line_id=row["id"],
        code=row["code"] or "",
        name=" ".join(filter(None, (row["name"], row["section"]))),
        level=row["level"],
        parties="–".join(names.get(code, code) for code in sides),
        last_on=last_on,
        last_number=number,
        due=tuple(due),
        overdue=bool(due) and due[0] < today,
    )


def due_of_line(connection: Connection, line_id: int, approved_on: date | None) -> date | None:
    """The day by which a line is to be inspected again; None where no earlier day is known."""
    statement = (
        select(joint_round.c.completed_on)
        .join(round_line, round_line.c.round_id == joint_round.c.id)
        .where(
            round_line.c.line_id == line_id,
            joint_round.c.kind == REGULAR,
            joint_round.c.state.in_((SIGNED, FILED)),
            joint_round.c.completed_on.is_not(None),
        )
        .order_by(joint_round.c.completed_on.desc())
        .limit(1)
    )
    return next_due(connection.scalar(statement) or approved_on)
