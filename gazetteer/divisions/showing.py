"""A preview and a code's history as JSON documents. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from data.errors import Fault
from gazetteer.divisions.applying import Preview
from gazetteer.divisions.authorities import deadlines
from gazetteer.divisions.history import CodeHistoryOf
from gazetteer.divisions.listing import deadline_json
from gazetteer.divisions.plan import Line, Plan
from gazetteer.divisions.values import DivisionState


def preview_json(preview: Preview, today: date) -> dict[str, Any]:
    """What an event would do: divisions, names, codes and parents that change, and the basis."""
    plan = preview.plan
    event = plan.event
    return {
        "kind": event.kind,
        "effective_on": event.effective_on.isoformat(),
        "applicable": not plan.faults,
        "basis": preview.basis,
        "faults": _faults(plan.faults),
        "notes": _faults(plan.notes),
        "counts": _counts(plan),
        "divisions": [_line(line) for line in plan.lines],
        "codes": {old: list(new) for old, new in plan.code_changes.codes.items()},
        "names": [
            {"old_code": m.old_code, "count": m.count, "to": m.rest_code}
            | ({"by_outline": list(m.by_outline)} if m.by_outline else {})
            for m in plan.name_moves
        ],
        "own_names": [
            {"code": code, "old": old, "new": new} for code, (old, new) in plan.own_names.items()
        ],
        "deadlines": [
            deadline_json(one, today)
            for one in deadlines(
                {"approved_on": event.approved_on, "effective_on": event.effective_on},
                extended=False,
                recoded=bool(plan.code_changes.codes),
            )
        ],
    }


def _counts(plan: Plan) -> dict[str, int]:
    pairs = [(line.old, line.new) for line in plan.lines if line.old and line.new]
    return {
        "ended": len([state for state in plan.ended if state.code not in plan.begun]),
        "begun": len([c for c in plan.begun if all(c != s.code for s in plan.ended)]),
        "names_changed": sum(old.name != new.name for old, new in pairs),
        "codes_changed": sum(old.code != new.code for old, new in pairs),
        "parents_changed": sum(old.parent_code != new.parent_code for old, new in pairs),
        "places_moved": sum(move.count for move in plan.name_moves),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.change.number or None,
        "kind": str(line.kind),
        "follows": line.follows,
        "old": _state(line.old),
        "new": _state(line.new),
    }


def _state(state: DivisionState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    fields = ("code", "name", "level", "parent_code", "seat")
    return {name: getattr(state, name) for name in fields}


def _faults(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [
        {"code": f.code, "change": f.row, "value": f.value, "zh": f.zh, "en": f.en} for f in faults
    ]


def history_json(found: CodeHistoryOf, day: date | None) -> dict[str, Any]:
    """A code's history; with a day, the state on it."""
    return {
        "code": found.code,
        **({"as_of": day.isoformat(), "state": _row(found.on(day))} if day else {}),
        "in_force": found.states[-1]["valid_to"] is None,
        "states": [_row(state) for state in found.states],
        "successors": [{"code": code, "name": name} for code, name in found.successors],
        "predecessors": [{"code": code, "name": name} for code, name in found.predecessors],
        "before": [link.as_json() for link in found.before],
        "after": [link.as_json() for link in found.after],
    }


def _row(state: dict[str, Any] | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in state.items()
    }
