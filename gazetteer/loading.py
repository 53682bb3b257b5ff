"""Names and divisions from files into the register."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.geometry import MULTIPOLYGON
from data.loading import Loader, Record
from data.reference import categories
from data.transaction import Transaction
from gazetteer.keys import name_key
from gazetteer.tables import division, place, place_name

_PARTS = re.compile(r"[、,，;；|/]\s*")
_OTHER_NAMES = (
    ("alias", "alias"),
    ("short_name", "short"),
    ("former_name", "former"),
    ("name_mong", "standard"),
)
_DIVISION_CODE = re.compile(r"\d{6}(\d{3}(\d{3})?)?")


def names_loader() -> Loader:
    """Loads places with all their names."""
    by_name = {category.name: category.code for category in categories()}
    return Loader("names", partial(_read_name, by_name), _write_names)


def divisions_loader() -> Loader:
    """Loads divisions, with polygons where the file has them."""
    return Loader("divisions", _read_division, _write_divisions, unique=("valid_from", "code"))


def _read_name(
    by_name: dict[str, str], cells: Cells, system: ReferenceSystem, _crs: str | None
) -> Record:
    category = cells.text("category_code") or by_name.get(cells.text("category_name") or "")
    return {
        "name": cells.required("name"),
        "place_code": cells.text("place_code"),
        "romanization": cells.text("romanization"),
        "romanization_mark": "as-loaded" if cells.text("romanization") else None,
        "category_code": category or cells.text("category_name"),
        "status": cells.choice("status", "name_statuses") or "standard",
        "heritage": cells.flag("heritage"),
        "division_code": _division_code(cells, "division_code"),
        "geom": cells.position(system, exact=False),
        "valid_from": cells.day("valid_from"),
        "valid_to": cells.day("valid_to"),
        "meaning": cells.text("meaning"),
        "origin": cells.text("origin"),
        "history": cells.text("history"),
        "description": cells.text("description"),
        "remark": cells.text("remark"),
        "source": cells.text("source"),
        "source_id": cells.text("id"),
        "other_names": {field: cells.text(field) for field, _ in _OTHER_NAMES},
    }


def _division_code(cells: Cells, field: str) -> str | None:
    code = cells.text(field)
    if code is not None and not _DIVISION_CODE.fullmatch(code):
        cells.fault(
            "division-code", field, code,
            "行政区划代码应为 6、9 或 12 位数字；请更正",
            "a division code has 6, 9 or 12 digits; correct it",
        )  # fmt: skip
    return code


def _write_names(transaction: Transaction, records: Sequence[Record]) -> None:
    others = [record["other_names"] for record in records]
    places = [
        {field: value for field, value in record.items() if field != "other_names"}
        for record in records
    ]
    ids = transaction.insert_many(place, places)
    transaction.insert_many(
        place_name,
        (
            name
            for identity, record, other in zip(ids, places, others, strict=True)
            for name in names_of(identity, record, other)
        ),
    )


def names_of(
    place_id: int, record: Record, others: dict[str, str | None]
) -> Iterator[dict[str, Any]]:
    """Every name of a place as a row: the standard one, its romanization, others by field."""
    common = {"place_id": place_id, "source": record.get("source")}
    yield _name(record["name"], "standard", record["status"]) | common
    if record.get("romanization"):
        yield _name(record["romanization"], "standard", record["status"], "zh-Latn-pinyin") | common
    for field, kind in _OTHER_NAMES:
        whole = others.get(field)
        if not whole:
            continue
        # A Mongolian name is one whole: its blanks and marks belong to the word.
        texts = [whole] if field == "name_mong" else _PARTS.split(whole)
        for text in filter(None, texts):
            yield _name(text, kind, record["status"]) | common


def _name(text: str, kind: str, status: str, language: str | None = None) -> dict[str, Any]:
    return {
        "text": text,
        "key": name_key(text),
        "language": language or language_of(text),
        "kind": kind,
        "status": status,
    }


def language_of(text: str) -> str:
    """The BCP 47 tag that a text's script allows; the language stays open where it does."""
    for character in text:
        point = ord(character)
        if 0x1800 <= point <= 0x18AF or 0x11660 <= point <= 0x1167F:  # noqa: PLR2004 - Unicode blocks
            return "mn-Mong"
        if 0x3400 <= point <= 0x9FFF or 0x20000 <= point <= 0x3FFFF:  # noqa: PLR2004
            return "zh-Hans"
        if 0x0400 <= point <= 0x052F:  # noqa: PLR2004
            return "und-Cyrl"
    return "und-Latn" if re.search("[A-Za-z]", text) else "und"


def _read_division(cells: Cells, system: ReferenceSystem, crs: str | None) -> Record:
    code = cells.required("code")
    _division_code(cells, "code")
    has_shape = cells.row.geometry is not None
    return {
        "code": code,
        "name": cells.required("name"),
        "level": _stated_level(cells) or _level_of(code),
        "romanization": cells.text("romanization"),
        "romanization_mark": "as-loaded" if cells.text("romanization") else None,
        "parent_code": _division_code(cells, "parent_code") or _parent_of(code),
        "in_region": True,
        "valid_from": cells.day("valid_from"),
        "valid_to": cells.day("valid_to"),
        "source": cells.text("source"),
        "geom": cells.shape(MULTIPOLYGON, system, crs) if has_shape else None,
    }


_LEVEL_WORDS = {
    "region": {"region", "province", "省级", "省", "自治区", "自治区级", "1"},
    "prefecture": {"prefecture", "市级", "盟市级", "地级", "地级市", "盟", "2"},
    "county": {"county", "县级", "旗县级", "旗县区", "3"},
    "township": {"township", "乡级", "乡镇级", "苏木乡镇级", "4"},
}


def _stated_level(cells: Cells) -> str | None:
    word = cells.text("level")
    if word is None:
        return None
    found = next((level for level, words in _LEVEL_WORDS.items() if word.lower() in words), None)
    if found is None:
        cells.fault(
            "invalid-value", "level", word,
            f"“{word}”不是行政区划级别；请填写省级、市级、县级或乡级",
            "not a level of divisions; give region, prefecture, county or township",
        )  # fmt: skip
    return found


def _level_of(code: str) -> str:
    """Read from the code's own digits (GB/T 2260: two digits each for three levels)."""
    if len(code) > 6:  # noqa: PLR2004
        return "township"
    if code.endswith("0000"):
        return "region"
    return "prefecture" if code.endswith("00") else "county"


def _parent_of(code: str) -> str | None:
    match _level_of(code):
        case "township":
            return code[:6]
        case "county":
            return f"{code[:4]}00"
        case "prefecture":
            return f"{code[:2]}0000"
    return None


def _write_divisions(transaction: Transaction, records: Sequence[Record]) -> None:
    transaction.insert_many(division, records)
