"""What a line was on any day: its parties and level through changes of divisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from boundary.authority import names_of
from boundary.change_tables import line_change
from boundary.changes.values import PARTIES
from boundary.lines.keeping import parties_of, read_line
from boundary.rows import plain

_SPLIT = "|"


def line_history(connection: Connection, line_id: int, as_of: date | None = None) -> dict[str, Any]:
    """A line's states in time, oldest first, what it came from and what follows it.

    Args:
        connection: a reading connection.
        line_id: the line, in force or ended.
        as_of: a day; then `state` says what the line was on it, None where it was not in force.

    Raises:
        NotFound: there is no line of that id.
    """
    record = read_line(connection, line_id)
    own = select(line_change).where(line_change.c.line_id == line_id)
    changes = [
        plain(row, ("version",))
        for row in connection.execute(
            own.order_by(line_change.c.effective_on, line_change.c.id)
        ).mappings()
    ]
    came = select(line_change).where(line_change.c.successor_id == line_id)
    before = [plain(row, ("version",)) for row in connection.execute(came).mappings()]
    states = states_of(record, changes)
    codes = {code for state in states for code in state["parties"]}
    names = names_of(connection, codes)
    for state in states:
        state["parties"] = [{"code": c, "name": names.get(c, c)} for c in state["parties"]]
    found: dict[str, Any] = {
        "line_id": line_id,
        "name": record["name"],
        "states": states,
        "changes": changes,
        "predecessors": [row["line_id"] for row in before if row["line_id"]],
        "successors": [row["successor_id"] for row in changes if row["successor_id"]],
        "begun_by": [row["event_id"] for row in before],
    }
    if as_of is not None:
        found["as_of"] = as_of
        found["state"] = next((one for one in states if holds(one, as_of)), None)
    return found


def holds(state: Mapping[str, Any], day: date) -> bool:
    """Whether a state is that of a day: from its first day up to but without its last."""
    begins, ends = state["valid_from"], state["valid_to"]
    return (begins is None or begins <= day) and (ends is None or day < ends)


def states_of(
    record: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A line's parties and level in time, oldest first. Pure.

    Args:
        record: the line as it is now.
        changes: what divisions' events did to it, oldest first.
    """
    ways = [change for change in changes if change["kind"] == PARTIES]
    begins = [record["valid_from"], *(change["effective_on"] for change in ways)]
    ends = [*(change["effective_on"] for change in ways), record["valid_to"]]
    sides = [
        *((change["parties_before"].split(_SPLIT), change["level_before"]) for change in ways),
        (parties_of(record), record["level"]),
    ]
    return [
        {"valid_from": begin, "valid_to": end, "parties": list(parties), "level": level}
        for begin, end, (parties, level) in zip(begins, ends, sides, strict=True)
    ]
