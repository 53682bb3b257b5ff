"""What a person says of a file's columns, as a submission keeps it (`data.received`)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from data.errors import InvalidValue
from data.formats import UNREAD, fields_of
from data.received import ReceivedFiles, Report
from data.store import Store
from data.transaction import Transaction

_MOST, _LONGEST = 500, 500


def stored(record: str, mapping: Mapping[str, str]) -> str | None:
    """A mapping as it is kept: JSON with its names in order; None where nothing is said.

    Args:
        record: what the file's rows are, one of `data.formats.RECORDS`.
        mapping: column → field, `-` for a column that is not to be read.

    Raises:
        InvalidValue: a field is unknown, or it is no mapping of a file's columns.
    """
    known = [item.name for item in fields_of(record)]
    for column, name in mapping.items():
        if name not in known and name != UNREAD:
            listed = ", ".join((*known, UNREAD))
            raise InvalidValue(
                "map", f"{column}={name}"[:_LONGEST], "there is no such field",
                f"give one of {listed}", f"没有字段“{name}”；可用：{listed}",
            )  # fmt: skip
    if len(mapping) > _MOST or any(not 0 < len(column) <= _LONGEST for column in mapping):
        raise InvalidValue(
            "map", len(mapping), f"at most {_MOST} columns are named, each shortly",
            "name only the columns that are not recognised", "列名过多或过长；只需指定未识别的列",
        )  # fmt: skip
    return orjson.dumps(dict(mapping), option=orjson.OPT_SORT_KEYS).decode() if mapping else None


def said_columns(row: Mapping[str, Any]) -> dict[str, str]:
    """What was said of a submission's columns: column → field."""
    text = row["mapping"]
    return dict(orjson.loads(text)) if text else {}


def name_columns(
    files: ReceivedFiles,
    record: str,
    store: Store,
    identity: int,
    mapping: Mapping[str, str],
    actor: str,
    today: date | None = None,
    *,
    before: Callable[[Transaction], None] = lambda _: None,
) -> Report:
    """Read a file with the names that a person gives; the same names again change nothing.

    Args:
        files: of what kind the file is.
        record: as in `stored`.
        store: the store.
        identity: of the submission.
        mapping: as in `stored`.
        actor: who says so.
        today: the day that dates must not lie after.
        before: done first: takes back what holds for the former reading only.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it is committed already.
        InvalidValue: a field is unknown.
    """
    text = stored(record, mapping)
    with store.read() as connection:
        report = files.read(connection, identity)
    if stored(record, report["mapping"]) == text:
        return report
    said = {"mapping": text}
    return files.revise(store, identity, actor, "name columns", said, before, today)


def chosen_mapping(report: Mapping[str, Any], chosen: Mapping[int, str]) -> dict[str, str]:
    """The mapping that a choice for columns makes, of those alone that their names do not tell.

    Args:
        report: a submission's report.
        chosen: field, or `-`, by the column's number from 1.
    """
    columns = report.get("columns") or ()
    names = [one["column"] for one in columns]
    found = {}
    for one in columns:
        said = chosen.get(one["number"])
        if said is None or said == (one["recognised"] or UNREAD):
            continue
        plain = one["column"] and names.count(one["column"]) == 1
        found[one["column"] if plain else f"#{one['number']}"] = said
    return found
