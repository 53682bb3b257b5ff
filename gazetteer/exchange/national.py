"""The public record of the national place-name database (国家地名信息库公开字段).

Fields: C3, a client of its interface; `pdm` has always been null, `gdm` is a MultiPoint in
CGCS2000.
"""

from typing import Any

import orjson

from data.formats.writing import Attribute
from data.reference import category
from gazetteer.exchange.records import PlaceRecord
from gazetteer.exchange.sheet import sheet_cell
from gazetteer.search import Lexicon

_AREA_DIGITS = 9
_LEVELS = {"region": "province_name", "prefecture": "city_name", "county": "area_name"}
FIELDS = (
    "id",
    "standard_name",
    "roman_alphabet_spelling",
    "ethnic_minorities_writing",
    "place_type",
    "place_type_code",
    "place_code",
    "area",
    "province_name",
    "city_name",
    "area_name",
    "gdm",
    "pdm",
    "old_name",
    "place_origin",
    "place_meaning",
    "government_history",
)
_OURS = ("source", "licence", "synthetic")
"""What every record keeps, beside the fields of the interface."""


def national_attributes() -> tuple[Attribute, ...]:
    """The fields in the interface's order, then whom the record comes from."""
    own = [Attribute(name, "flag" if name == "synthetic" else "text") for name in _OURS]
    nested = {"gdm": "json"}
    return (*(Attribute(name, nested.get(name, "text")) for name in FIELDS), *own)


def national_values(record: PlaceRecord, lexicon: Lexicon) -> tuple[Any, ...]:
    """A record's fields, in the order of `national_attributes`."""
    written = record.text("category_code")
    known = category(written) if written else None
    values: dict[str, Any] = {
        "id": record.text("source_id"),
        "standard_name": record.text("name"),
        "roman_alphabet_spelling": record.text("romanization"),
        "ethnic_minorities_writing": sheet_cell(record, "name_mong"),
        "place_type": sheet_cell(record, "category_name"),
        "place_type_code": known.code5 if known else sheet_cell(record, "category_code"),
        "place_code": record.text("place_code"),
        "area": _area(record.text("division_code")),
        "gdm": _gdm(record),
        "pdm": record.beside("pdm"),
        "old_name": sheet_cell(record, "former_name"),
        "place_origin": record.text("origin"),
        "place_meaning": record.text("meaning"),
        "government_history": record.text("history"),
    }
    values |= _divisions(record, lexicon)
    values |= {name: record.columns.get(name) for name in _OURS}
    return tuple(values[name] for name in (*FIELDS, *_OURS))


def _area(code: str | None) -> str | None:
    """Nine digits: a county's code is filled up, that of a smaller unit cut.

    >>> _area("152525"), _area("152525101"), _area("152525101203")
    ('152525000', '152525101', '152525101')
    """
    return None if code is None else code.ljust(_AREA_DIGITS, "0")[:_AREA_DIGITS]


def _divisions(record: PlaceRecord, lexicon: Lexicon) -> dict[str, str | None]:
    """The names of the divisions that hold it, as the register knows them; else as entered."""
    said: dict[str, str | None] = {
        "province_name": record.beside("province_name"),
        "city_name": record.beside("city_name"),
        "area_name": record.beside("division_name"),
    }
    for entry in lexicon.path(record.text("division_code")):
        if entry.level in _LEVELS:
            said[_LEVELS[entry.level]] = entry.name
    return said


def _gdm(record: PlaceRecord) -> Any:
    """All its points as they were entered while the first still is its position.

    What was entered is kept whatever it is; what is no GeoJSON of points is passed over here.
    """
    if record.position is None:
        return None
    try:
        entered = orjson.loads(record.beside("gdm") or "null")
    except orjson.JSONDecodeError:
        entered = None
    match entered:
        case {"type": "MultiPoint", "coordinates": [[x, y, *_], *_]} | {
            "type": "Point",
            "coordinates": [x, y, *_],
        } if (x, y) == record.position:
            return entered
    return {"type": "MultiPoint", "coordinates": [[*record.position]]}
