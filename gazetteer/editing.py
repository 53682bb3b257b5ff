"""How places, divisions, heritage entries and signs are edited as features.

A standard name is approved, not typed: what is entered here is a draft, `unverified` or `former`,
until an approval makes it standard. A sign's texts are checked anew with every write.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Role
from data.editing import Editor, feature_fault
from data.errors import Fault, InvalidValue, NotEditable
from data.reference import categories
from data.transaction import Transaction
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.containing import Containing
from gazetteer.division_path import codes_above, in_force
from gazetteer.heritage.collections import HERITAGE
from gazetteer.heritage.entries import KEEPERS, LISTED
from gazetteer.name_rows import names_of
from gazetteer.names import scripts_of
from gazetteer.signs.collection import SIGNS
from gazetteer.signs.loading import place_of
from gazetteer.signs.standards import check_sign
from gazetteer.tables import place, place_extra, place_name

_DRAFT, _FORMER = "unverified", "former"
_EDITORS: Final = (Role.EDITOR,)
_SIGN_SIZES: Final = ("width_mm", "height_mm", "sigma_m")

_Record = Mapping[str, Any]
_Values = dict[str, Any]


def editors() -> Mapping[str, Editor]:
    """The editors of this floor's collections by the collection's id."""
    listed = (
        Editor(DIVISIONS, _EDITORS, partial(_path, "code")),
        Editor(
            PLACES,
            _EDITORS,
            partial(_path, "division_code"),
            lambda row: row["status"] == _DRAFT,
            _PlaceCheck,
            _write_names,
            unique=(("place_code",), ("source", "source_id")),
            owned=((place_name, "place_id"), (place_extra, "place_id")),
        ),
        Editor(
            HERITAGE,
            KEEPERS,
            partial(_path, "division_code"),
            completing=lambda _: _check_entry,
        ),
        Editor(
            SIGNS,
            _EDITORS,
            partial(_path, "division_code"),
            completing=_SignCheck,
            unique=(("sign_no",),),
        ),
    )
    return {one.collection.id: one for one in listed}


def _path(column: str, connection: Connection, record: _Record) -> list[list[str]]:
    """A record's division and everything above it, as one path.

    A code that the register does not know allows nobody but who holds a role everywhere.
    """
    code = record[column]
    return [codes_above(connection, code) or ([code] if code else [])]


def _told(field: str, value: object, zh: str, en: str, code: str = "invalid-value") -> Fault:
    return feature_fault(code, None, field, value, zh, en)


def _division_faults(connection: Connection, row: _Values, before: _Record | None) -> list[Fault]:
    """A division that is named anew must be in force."""
    code = row["division_code"]
    if code is None or (before is not None and before["division_code"] == code):
        return []
    try:
        in_force(connection, code, "division_code")
    except InvalidValue as error:
        return [_told("division_code", code, error.zh, f"{error.rule}; {error.way_out}")]
    return []


class _PlaceCheck:
    """Completes and checks places: category, status, division."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._containing: Containing | None = None
        self._codes = {one.code for one in categories()} | {one.code5 for one in categories()}

    def __call__(self, row: _Values, before: _Record | None) -> Iterator[Fault]:
        if before is None:
            row["status"] = row["status"] or _DRAFT
            if row["status"] not in {_DRAFT, _FORMER}:
                yield _told(
                    "status", row["status"],
                    f"新登记的地名只能是 {_DRAFT} 或 {_FORMER}；标准地名须经审批：POST /approvals",
                    f"a name is entered as {_DRAFT} or {_FORMER}; a standard name is approved:"
                    " POST /approvals",
                    NotEditable.code,
                )  # fmt: skip
            if row["romanization"] and not row["romanization_mark"]:
                row["romanization_mark"] = "as-loaded"
            if row["division_code"] is None and row["geom"] is not None:
                self._locate(row)
        if self._is_unknown(row["category_code"], before):
            yield _told(
                "category_code", row["category_code"], "类别表中没有该代码；请查 place_categories",
                "no category of the table place_categories has that code; give one such as 22200",
            )  # fmt: skip
        yield from _division_faults(self._connection, row, before)

    def _is_unknown(self, code: str | None, before: _Record | None) -> bool:
        kept = before is not None and before["category_code"] == code
        return code is not None and not kept and code not in self._codes

    def _locate(self, row: _Values) -> None:
        self._containing = self._containing or Containing(self._connection)
        found = self._containing.fill([{**row, "division_name": None}])
        row["division_code"] = found[0]["division_code"]


def _write_names(
    transaction: Transaction, identity: int, before: _Record | None, after: _Record | None
) -> None:
    """The rows of a place's names follow its name and romanization."""
    if after is None:
        return
    if before is None:
        transaction.insert_many(place_name, names_of(identity, after, {}))
        return
    changed = [name for name in ("name", "romanization") if before[name] != after[name]]
    for name in changed:
        _write_name(transaction, identity, before[name], after, name)


def _write_name(
    transaction: Transaction, identity: int, old: str | None, after: _Record, column: str
) -> None:
    found = transaction.connection.execute(
        select(place_name.c.id, place_name.c.version).where(
            place_name.c.place_id == identity,
            place_name.c.text == old,
            place_name.c.valid_to.is_(None),
        )
    ).first()
    if found is not None and after[column] is None:
        transaction.delete(place_name, found.id, found.version)
        return
    rows = [one for one in names_of(identity, after, {}) if one["text"] == after[column]]
    for row in rows[:1]:
        if found is None:
            transaction.insert(place_name, row)
        else:
            values = {"text": row["text"], "language": row["language"]}
            transaction.update(place_name, found.id, found.version, values)


def _check_entry(row: _Values, _before: _Record | None) -> Iterator[Fault]:
    """What is listed keeps its measures (L753 Art 24)."""
    if row["state"] == LISTED and not row["measures"]:
        yield _told(
            "measures", "", "已列入名录的地名须有保护措施；请填写", "what is listed has measures"
        )


class _SignCheck:
    """Completes and checks signs: their place, their division, their texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, row: _Values, before: _Record | None) -> Iterator[Fault]:
        for name in _SIGN_SIZES:
            if row[name] is not None and row[name] <= 0:
                yield _told(name, row[name], "应大于 0；请更正", "must be above zero; correct it")
        yield from self._tie(row, before)
        yield from _division_faults(self._connection, row, before)
        shown = " ".join(filter(None, (row["text_han"], row["text_roman"], row["text_minority"])))
        row["scripts"] = " ".join(sorted(scripts_of(shown))) or None
        row["text_state"] = check_sign(self._connection, row)[0].value

    def _tie(self, row: _Values, before: _Record | None) -> Iterator[Fault]:
        """The sign's place: the one it names, else the only one that it can mean."""
        if row["place_id"] is None:
            if before is None and row["name"]:
                row["place_id"], code = place_of(self._connection, None, row)
                row["division_code"] = row["division_code"] or code
            return
        found = self._connection.execute(
            select(place.c.division_code).where(place.c.id == row["place_id"])
        ).one_or_none()
        if found is None:
            yield _told(
                "place_id", row["place_id"], "没有该编号的地名；请更正",
                "there is no place of that id; correct it",
            )  # fmt: skip
            row["place_id"] = None
        elif row["division_code"] is None:
            row["division_code"] = found.division_code
