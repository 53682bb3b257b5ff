"""Names that are forms as a whole, many names in one statement (整名批量检索).

A table's names are mostly names of the register. These few arms of the first pass find them by
exact terms, so a batch needs one reading of the index and not one for each name.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from gazetteer.search.arm import Arm
from gazetteer.search.arms import Asked, first_arms
from gazetteer.search.conditions import holds
from gazetteer.search.rows import FormRow, columns_of
from gazetteer.search.running import run

_WHOLE: Final = frozenset({"standard", "other", "skeleton"})
_TERMS_AT_ONCE: Final = 200

Matches = list[tuple[Arm, FormRow]]


def whole_matches(connection: Connection, texts: Collection[str]) -> dict[str, Matches]:
    """The forms that each text is, with the arm by which, in the order of results.

    Every target comes once. Filters are left to the caller.
    """
    arms = {
        text: [arm for arm in first_arms(Asked.of(text)) if arm.test in _WHOLE] for text in texts
    }
    forms = _forms(connection, {arm.term for listed in arms.values() for arm in listed})
    return {text: list(_first_of_each(listed, forms)) for text, listed in arms.items()}


def _first_of_each(
    arms: Sequence[Arm], forms: dict[str, list[FormRow]]
) -> Iterator[tuple[Arm, FormRow]]:
    seen: set[tuple[int, int]] = set()
    for arm in arms:
        for form in forms.get(arm.term, ()):
            if form.target not in seen and holds(arm, form):
                seen.add(form.target)
                yield arm, form


def _forms(connection: Connection, terms: Collection[str]) -> dict[str, list[FormRow]]:
    sql = whole_text(embedded=connection.dialect.name == "sqlite")
    found: dict[str, list[FormRow]] = {}
    waiting = iter(sorted(terms))
    while part := list(islice(waiting, _TERMS_AT_ONCE)):
        # One text for every batch: what is missing is filled up with a term that is asked anyway.
        part += part[-1:] * (_TERMS_AT_ONCE - len(part))
        for term, *columns in run(connection, sql, part):
            found.setdefault(term, []).append(FormRow._make(columns))
    return found


@cache
def whole_text(*, embedded: bool) -> str:
    """The statement: the forms of many terms, each term's in the order of results."""
    columns = columns_of()
    marks = ", ".join("?" * _TERMS_AT_ONCE)
    if embedded:  # CROSS JOIN keeps SQLite to the order written
        return (
            f"SELECT t.term, {columns} FROM search_term t CROSS JOIN search_form f"
            f" ON f.ordinal = t.ordinal WHERE t.term IN ({marks}) ORDER BY t.term, t.ordinal"
        )
    # OFFSET 0 keeps PostgreSQL from reading the whole table for a hash.
    one = f"SELECT {columns} FROM search_form f WHERE f.ordinal = t.ordinal OFFSET 0"
    return (
        "SELECT t.term, f.* FROM (SELECT term, ordinal FROM search_term"
        f" WHERE term IN ({marks})) t CROSS JOIN LATERAL ({one}) f ORDER BY t.term, t.ordinal"
    )
