"""The rules over the name of a case: kept when it is received, asked again when it is decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from gazetteer.approvals.tables import approval, approval_paper
from gazetteer.likeness import NamedRecord
from gazetteer.name_check import NameQuestion, check_in
from gazetteer.rules import CheckedName
from gazetteer.search import Lexicon

ENDING: Final = "ending"
_OPEN: Final = ("applied", "returned", "accepted")
_MEASURES: Final = "measures"


def check_case(
    connection: Connection, lexicon: Lexicon, case: Mapping[str, Any], own: Sequence[int]
) -> CheckedName | None:
    """What the rules say of a case's name now; None for an end of use, which has no new name."""
    if case["kind"] == ENDING:
        return None
    question = NameQuestion(
        name=case["name"],
        kind=case["name_class"],
        division=case["division_code"],
        place_id=case["place_id"],
        measures=orjson.loads(case["measures"] or "{}"),
        measures_given=_has_measures(connection, own),
        category=case["category_code"],
    )
    return check_in(connection, question, lexicon, _pending(connection, case, own))


def checked_report(
    connection: Connection,
    lexicon: Lexicon,
    case: Mapping[str, Any],
    own: Sequence[int],
    at: str,
) -> dict[str, Any]:
    """The check as columns of the case."""
    checked = check_case(connection, lexicon, case, own)
    report = orjson.dumps(checked.as_json()).decode() if checked else None
    return {"check_report": report, "checked_at": at if checked else None}


def _has_measures(connection: Connection, own: Iterable[int]) -> bool:
    """Whether a document of protective measures lies with the case (L753 Art 25)."""
    ids = list(own)
    found = connection.scalar(
        select(approval_paper.c.id)
        .where(approval_paper.c.approval_id.in_(ids), approval_paper.c.kind == _MEASURES)
        .limit(1)
    )
    return found is not None


def _pending(
    connection: Connection, case: Mapping[str, Any], own: Sequence[int]
) -> list[NamedRecord]:
    """Other applications in hand that propose the same name."""
    columns = (approval.c.id, approval.c.name, approval.c.division_code, approval.c.category_code)
    rows = connection.execute(
        select(*columns)
        .where(
            approval.c.name == case["name"],
            approval.c.state.in_(_OPEN),
            approval.c.kind != ENDING,
            approval.c.id.not_in(own),
        )
        .order_by(approval.c.id)
        .limit(20)
    ).all()
    return [
        NamedRecord("approval", r.id, r.name, "", "", r.division_code, r.category_code)
        for r in rows
    ]
