"""A mapping file (对照表): an office's own field names and codes for a record's fields.

An exchange format whose fields this program does not know needs no code: a TOML or CSV file says
which of its columns is which field, and which of its codes is which word, for both directions.
See `docs/exchange.md` for the form.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

from data.errors import Fault, FaultsFound, InvalidFile
from data.formats import RECORDS, fields_of

_MEMBERS = {"record", "name", "source", "fields", "values", "constants"}
_CSV_COLUMNS = ("external", "field", "external_value", "value")


@dataclass(frozen=True, slots=True)
class MappedField:
    """One column of the other format.

    Attributes:
        external: its name there.
        field: the field of our record.
        values: our words by theirs; empty where they are the same.
    """

    external: str
    field: str
    values: Mapping[str, str] = dataclass_field(default_factory=dict)

    def outward(self, text: str) -> str:
        """Their word for ours; one that the table does not have as it is."""
        return next((theirs for theirs, ours in self.values.items() if ours == text), text)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """A mapping file: which record, which columns in which order, and what is the same in all rows.

    Attributes:
        record: a record of `fields.csv`.
        fields: the columns.
        constants: columns that have one value in every row; written, never read.
        name: what the other format is called.
    """

    record: str
    fields: tuple[MappedField, ...]
    constants: Mapping[str, str] = dataclass_field(default_factory=dict)
    name: str = ""

    def overrides(self, columns: tuple[str, ...]) -> dict[str, str]:
        """Our field by their column, for the columns that a file has."""
        return {one.external: one.field for one in self.fields if one.external in columns}

    def inward(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        """Cells by field with our words in place of theirs."""
        tables = {one.field: one.values for one in self.fields if one.values}
        changed = {
            name: table.get(cells[name], cells[name])
            for name, table in tables.items()
            if name in cells
        }
        return {**cells, **changed}


def read_mapping(path: Path, record: str | None = None) -> FieldMapping:
    """Read a mapping file; TOML, or CSV with the columns external, field, external_value, value.

    Args:
        path: the file.
        record: the record that is asked for; a CSV file cannot name its own.

    Raises:
        InvalidFile: it is neither.
        FaultsFound: it names what does not exist, or one thing twice; all faults are listed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        given = _from_csv(text, record) if path.suffix.lower() == ".csv" else tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error, OSError) as error:
        raise InvalidFile(
            f"{path.name} is no mapping file: {error}", f"{path.name} 不是对照表：{error}"
        ) from error
    faults = list(_faults(given, record))
    if faults:
        raise FaultsFound(faults)
    tables = given.get("values", {})
    return FieldMapping(
        given["record"],
        tuple(_field(external, said, tables) for external, said in given["fields"].items()),
        {name: str(value) for name, value in given.get("constants", {}).items()},
        str(given.get("name", "")),
    )


def _field(external: str, said: Any, tables: Mapping[str, Mapping[str, str]]) -> MappedField:
    if isinstance(said, str):
        return MappedField(external, said)
    return MappedField(external, said["field"], dict(tables.get(said.get("values", ""), {})))


def _from_csv(text: str, record: str | None) -> dict[str, Any]:
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != _CSV_COLUMNS:
        raise csv.Error(f"its columns are {', '.join(_CSV_COLUMNS)}")
    fields: dict[str, Any] = {}
    values: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    for row in reader:
        external, name, code = row["external"], row["field"], row["external_value"]
        word = row["value"] or ""
        known = fields.setdefault(external, {"field": name, "values": external})["field"]
        if known != name:
            faults.append(_twice(external, str(known), str(name), reader.line_num))
        if code and values.setdefault(external, {}).setdefault(code, word) != word:
            first = values[external][code]
            faults.append(_twice(external, f"{code}={first}", f"{code}={word}", reader.line_num))
    if faults:
        raise FaultsFound(faults)
    return {"record": record or "", "fields": fields, "values": values}


def _twice(external: str, first: str, second: str, line: int) -> Fault:
    return Fault(
        "mapping", line, external, f"{first} | {second}",
        f"同一外部列既对应“{first}”又对应“{second}”；请只保留其一",
        f"one column of theirs is {first} and {second}; keep one of them",
    )  # fmt: skip


def _faults(given: Mapping[str, Any], wanted: str | None) -> Iterator[Fault]:
    for name in given.keys() - _MEMBERS:
        yield _fault(name, "", "对照表中没有此项", f"a mapping has {', '.join(sorted(_MEMBERS))}")
    record = given.get("record")
    if record not in RECORDS or (wanted and record != wanted):
        listed = wanted or ", ".join(RECORDS)
        yield _fault("record", str(record), f"应为 {listed}", f"it is {listed}")
        return
    if not isinstance(given.get("fields"), dict) or not given["fields"]:
        yield _fault("fields", "", "缺少字段对照", "it names no field")
        return
    misshapen = list(_shape_faults(given))
    yield from misshapen or _field_faults(given, {one.name for one in fields_of(str(record))})


def _shape_faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    """What would keep the rest from being looked at: no table where one is wanted."""
    for name in ("values", "constants"):
        if not isinstance(given.get(name, {}), dict):
            yield _fault(name, str(given[name]), "应为表（[table]）", "it is a table")
            return
    for name, table in given.get("values", {}).items():
        if not isinstance(table, dict):
            yield _fault(f"values.{name}", str(table), "应为表（[table]）", "it is a table")
    for external, said in given["fields"].items():
        stated = said.get("values", "") if isinstance(said, dict) else ""
        if not isinstance(stated, str):
            yield _fault(
                external, str(stated), "values 应为值对照表的名称", "its values are named by a text"
            )


def _field_faults(given: Mapping[str, Any], known: set[str]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    tables = given.get("values", {})
    for external, said in given["fields"].items():
        stated = said if isinstance(said, dict) else {"field": said}
        name = str(stated.get("field"))
        if external in given.get("constants", {}):
            yield _fault(external, name, "既是字段又是常量", "it is a field and a constant too")
        if name not in known:
            yield _fault(external, name, "没有此字段", "there is no such field")
        elif name in seen:
            yield _fault(external, name, f"与“{seen[name]}”重复", f"{seen[name]} is the same field")
        else:
            seen[name] = external
        table = tables.get(stated.get("values", ""), {})
        if not all(isinstance(word, str) for word in table.values()):
            yield _fault(external, str(table), "值应为文本", "its values are texts in quotes")
        elif len(set(table.values())) < len(table):
            yield _fault(
                external, str(table), "多个外部值对应同一个值，导出时无法还原",
                "two of their words are one of ours, which cannot be turned back",
            )  # fmt: skip


def _fault(column: str, value: str, zh: str, en: str) -> Fault:
    return Fault("mapping", None, column, value, f"{zh}；请更正", f"{en}; correct it")
