"""Signs from files into the register, each tied to its place where only one can be meant."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault
from data.loading import Loader, Record
from data.transaction import Transaction
from gazetteer.names import scripts_of
from gazetteer.search.lexicon import significant
from gazetteer.signs.standards import standards_of
from gazetteer.signs.tables import sign
from gazetteer.signs.texts import SignTexts, check_texts
from gazetteer.tables import place


def signs_loader() -> Loader:
    """Loads place-name signs."""
    return Loader("signs", sign, _read_sign, _SignsWriter, unique=(("sign_no",),))


def _read_sign(cells: Cells, system: ReferenceSystem, _crs: str | None) -> Record:
    texts = {name: cells.text(name) for name in ("text_han", "text_roman", "text_minority")}
    shown = " ".join(filter(None, texts.values()))
    return {
        "sign_no": cells.required("sign_no"),
        "name": cells.required("name"),
        "kind": cells.choice("kind", "sign_kinds"),
        "place_code": cells.text("place_code"),
        "division_code": cells.text("division_code"),
        **texts,
        "scripts": " ".join(sorted(scripts_of(shown))) or None,
        "material": cells.text("material"),
        "width_mm": cells.positive_metres("width_mm"),
        "height_mm": cells.positive_metres("height_mm"),
        "erected_on": cells.day("erected_on"),
        "custody_unit": cells.text("custody_unit"),
        "location": cells.text("location"),
        "sigma_m": cells.positive_metres("sigma_m"),
        "source": cells.text("source"),
        "remark": cells.text("remark"),
        "geom": cells.position(system, exact=False),
    }


class _SignsWriter:
    """Writes signs with their places and what the first check of their texts says."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._tied = self._rows = self._wrong = 0

    def write(self, records: Sequence[Record]) -> None:
        """Write the next signs."""
        connection = self._transaction.connection
        rows = [dict(record) for record in records]
        for row in rows:
            row["place_id"], code = place_of(connection, row.pop("place_code"), row)
            row["division_code"] = row["division_code"] or code
        known = standards_of(connection, [row["place_id"] for row in rows if row["place_id"]])
        for row in rows:
            texts = SignTexts(row["text_han"], row["text_roman"], row["text_minority"])
            state, faults = check_texts(texts, known.get(row["place_id"] or 0))
            row["text_state"] = state.value
            self._wrong += bool(faults)
        self._tied += sum(row["place_id"] is not None for row in rows)
        self._rows += len(rows)
        self._transaction.insert_many(sign, rows)

    def notes(self) -> Sequence[Fault]:
        """How many signs found their place, and how many say something else."""
        loose = self._rows - self._tied
        told = []
        if loose:
            told.append(Fault(
                "sign-without-place", None, None, str(loose),
                f"{loose} 块标志未能对应到唯一的地名，其文字未检查；请补填地名代码",
                f"{loose} signs could not be tied to one place, their texts are not checked; give"
                " the place code",
            ))  # fmt: skip
        if self._wrong:
            told.append(Fault(
                "sign-text", None, None, str(self._wrong),
                f"{self._wrong} 块标志的文字与标准地名不一致；用 ovoo check-signs 查看",
                f"{self._wrong} signs do not show the standard name; ovoo check-signs lists them",
            ))  # fmt: skip
        return told


def place_of(
    connection: Connection, place_code: str | None, row: dict[str, Any]
) -> tuple[int | None, str | None]:
    """The place of a sign and its division's code: by code, else the only one named so.

    A division code narrows the choice to what lies in it, or reaches beyond it from above.
    """
    columns = select(place.c.id, place.c.division_code).where(place.c.valid_to.is_(None))
    if place_code:
        found = connection.execute(columns.where(place.c.place_code == place_code)).all()
    else:
        named = columns.where(place.c.name == row["name"]).limit(200)
        begins = significant(row["division_code"] or "")
        found = [one for one in connection.execute(named) if _lies_in(one.division_code, begins)]
    return (found[0].id, found[0].division_code) if len(found) == 1 else (None, None)


def _lies_in(code: str | None, begins: str) -> bool:
    own = significant(code or "")
    return not begins or bool(own and (own.startswith(begins) or begins.startswith(own)))
