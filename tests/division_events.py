"""Events for the tests, on the drawn region (see tests/region.py)."""

from typing import Any

DECISION = {
    "effective_on": "2024-03-01",
    "approved_on": "2024-01-31",
    "document": "国函〔2024〕1号",
    "authority": "国务院",
    "source": "drawn for a test",
}


def event(kind: str, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An event as JSON."""
    return DECISION | {"kind": kind, "changes": list(changes)} | more


def change(old: str | None, code: str | None, **new: Any) -> dict[str, Any]:
    """One line."""
    return {"old": old, "new": None if code is None else {"code": code, **new}}


RENAME = event("renamed", change("990101", "990101", name="东敖包旗", romanization="Dong Oboo Qi"))
TO_CITY = event("replaced", change("990102", "990181", name="西市"))
MERGE = event(
    "merged", change("990101", "990102"), change("990102", "990102"), remark="东旗并入西旗"
)
LEAGUE_TO_CITY = event("replaced", change("990100", "990300", name="上市"), below="same-ending")
TRANSFER = event("transferred", change("990102", "990223", parent_code="990200"))
SPLIT = event(
    "split",
    change("990201", "990201"),
    change(
        "990201",
        "990203",
        name="新旗",
        outline={
            "type": "Polygon",
            "coordinates": [[[111, 40], [111.6, 40], [111.6, 41], [111, 41], [111, 40]]],
        },
    ),
)
ESTABLISH = event(
    "established", change(None, "990204", name="新县", level="county", parent_code="990200")
)
SEAT = event(
    "seat_moved",
    change("990101", "990101", seat="白音敖包"),
    authority="内蒙古自治区人民政府",
    document="内政字〔2024〕1号",
)
