"""An event's plan as rows of tables. Pure."""

from collections.abc import Mapping
from typing import Any

from gazetteer.divisions.plan import Plan
from gazetteer.divisions.values import DivisionEvent, DivisionState


def state_row(
    state: DivisionState, event: DivisionEvent, kept: Mapping[str, Any]
) -> dict[str, Any]:
    """A division's row without its outline; `kept` is the row of the division before it."""
    same = kept.get("romanization") == state.romanization
    mark = kept.get("romanization_mark") if same else "as-loaded"
    return {
        "code": state.code,
        "name": state.name,
        "level": state.level,
        "parent_code": state.parent_code,
        "seat": state.seat,
        "romanization": state.romanization,
        "romanization_mark": mark if state.romanization else None,
        "in_region": state.in_region,
        "valid_from": event.effective_on,
        "source": event.document or event.source or kept.get("source"),
        "licence": kept.get("licence"),
        "synthetic": bool(kept.get("synthetic")),
    }


def event_row(plan: Plan) -> dict[str, Any]:
    """The event's own row."""
    event = plan.event
    texts = ("document", "authority", "source", "measures", "remark")
    return {
        "digest": event.digest,
        "kind": event.kind.value,
        "effective_on": event.effective_on,
        "approved_on": event.approved_on,
        "dated_by": event.dated_by,
        "derived": event.derived,
        "recoded": bool(plan.code_changes.codes),
        **{name: getattr(event, name) or None for name in texts},
    }


def line_rows(plan: Plan, event_id: int, ids: Mapping[str, int]) -> list[dict[str, Any]]:
    """The rows of an event's lines; `ids` are those of the divisions that begin, by code."""

    def id_of(state: DivisionState | None, old: DivisionState | None) -> int | None:
        if state is None:
            return None
        return ids.get(state.code) or (old.id if old else None)

    return [
        {
            "event_id": event_id,
            "number": line.change.number,
            "kind": str(line.kind),
            "follows": line.follows,
            "old_id": line.old.id or None if line.old else None,
            "old_code": line.old.code if line.old else None,
            "old_name": line.old.name if line.old else None,
            "new_id": id_of(line.new, line.old),
            "new_code": line.new.code if line.new else None,
            "new_name": line.new.name if line.new else None,
        }
        for line in plan.lines
    ]
