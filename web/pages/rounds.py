"""What the pages of joint inspections show beside their documents: lines, acts, progress."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from boundary import LinesQuery, list_lines, rounds
from data import Actor, Role

_MOST_LINES: Final = 1_000
_MOST_OFFERED: Final = 300
_MOST_COUNTED: Final = 12
_PLANNERS: Final = (Role.EDITOR, Role.ADMINISTRATOR)
_UNDER_WAY: Final = frozenset({"planned", "field"})
_SIDES: Final = ("party_a", "party_b", "party_c")


def progress_of(
    connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> dict[int, dict[str, int]]:
    """How far the newest rounds under way are, by id: their markers, and those seen by anybody."""
    under_way = [row["id"] for row in rows if row["state"] in _UNDER_WAY][:_MOST_COUNTED]
    found = {}
    for identity in under_way:
        counted = rounds.round_page(connection, identity)["progress"]
        found[identity] = {
            "markers": counted["markers"],
            "seen": counted["markers"] - counted["missing"],
            "conflict": counted["conflict"],
        }
    return found


def acts_page(
    connection: Connection, identity: int, page: Mapping[str, Any], actor: Actor, today: date
) -> dict[str, Any]:
    """The acts on a round that the reader may take now, and what their forms offer.

    Args:
        connection: a reading connection.
        identity: the round.
        page: the round's document.
        actor: the reader.
        today: the calendar day in China.
    """
    signed = {one["party"] for one in page["signatures"]}
    undecided = [one for one in page["observations"] if one["state"] != "agree"]
    undecided.sort(
        key=lambda one: ("conflict", "missing", "one_sided", "decided").index(one["state"])
    )
    return {
        "today": today.isoformat(),
        "acts": rounds.acts_open(connection, identity, actor),
        "unsigned": [one for one in page["parties"] if one["code"] not in signed],
        "undecided": undecided,
    }


def plan_page(
    connection: Connection, lexicon: Any, actor: Actor, chosen: int, today: date
) -> dict[str, Any]:
    """The lines that the reader may plan a round of, those due first before others.

    Args:
        connection: a reading connection.
        lexicon: the divisions (see `gazetteer.lexicon_of`).
        actor: the reader.
        chosen: the line that is chosen at first; 0 for none.
        today: the calendar day in China.
    """
    due = {one.line_id: one for one in rounds.calendar(connection, today)}
    own = [
        row
        for row in list_lines(connection, LinesQuery(limit=_MOST_LINES))
        if row["id"] == chosen or _may_plan(actor, lexicon, row)
    ]
    order = list(due)
    own.sort(key=lambda row: (row["id"] != chosen, order.index(row["id"])))
    offered = own[:_MOST_OFFERED]
    parties = dict.fromkeys(row[side] for row in offered for side in _SIDES if row[side])
    return {
        "lines": [
            {
                "id": row["id"],
                "name": due[row["id"]].name,
                "due_on": next(iter(due[row["id"]].due), None),
                "chosen": row["id"] == chosen,
            }
            for row in offered
        ],
        "parties": [
            {"code": code, "name": " › ".join(lexicon.path_names(code)) or code} for code in parties
        ],
        "more": len(own) > len(offered),
    }


def _may_plan(actor: Actor, lexicon: Any, row: Mapping[str, Any]) -> bool:
    codes = [row[side] for side in _SIDES if row[side]]
    path = [one.code for code in codes for one in lexicon.path(code)]
    return any(actor.may(role, [*codes, *path]) for role in _PLANNERS)
