"""The page of an inspection file: its columns to correct, its proposals to accept."""

from collections.abc import Mapping
from typing import Any, Final

from boundary import COMMITTED
from data.formats import UNREAD, Field, fields_of

_RECORD: Final = "inspections"


def submission_extras(report: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What a submission's page shows beside its report.

    Args:
        report: as its reader may see it.
        lang: of the words.

    Returns:
        `fields`: what a column can be taken for, as pairs of value and words; `field_names`: the
        words by value; `drawn`: whether there is a vector to draw; `proposals`: results with a
        proposal that is not confirmed; `columns_open`: whether the columns ask for a look.
    """
    derived = {one["derived_row"] for one in report.get("corrections") or ()}
    return {
        **column_extras(_RECORD, report, lang),
        "drawn": any(one["distance_m"] is not None for one in report["results"]),
        "proposals": [
            one for one in report["results"] if one.get("proposal") and one["row"] not in derived
        ],
    }


def column_extras(record: str, report: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the choice of columns of a file of `record` shows beside its report."""
    fields = [(item.name, _called(item, lang)) for item in fields_of(record)]
    faults = {fault["code"] for fault in report["faults"]}
    idle = any(one["field"] is None for one in report.get("columns") or ())
    return {
        "fields": fields,
        "field_names": dict(fields),
        "unread": UNREAD,
        "columns_open": report["state"] != COMMITTED and (idle or bool(faults & _OF_COLUMNS)),
    }


def _called(item: Field, lang: str) -> str:
    """A field in words, with its name where that is another."""
    words = (item.en if lang == "en" else item.zh)[0]
    return words if words == item.name else f"{words} · {item.name}"


_OF_COLUMNS: Final = {"missing-column", "duplicate-column", "unknown-column", "unknown-field"}
