"""Names and divisions from files into the register."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault, InvalidValue
from data.geometry import MULTIPOLYGON
from data.loading import Loader, Record
from data.reference import categories, find_term
from data.transaction import Transaction
from gazetteer.containing import Containing
from gazetteer.divisions.codes import is_code
from gazetteer.name_rows import OTHER_NAMES, names_of
from gazetteer.place_codes import PlaceCode
from gazetteer.tables import division, place, place_extra, place_name
from gazetteer.whole_places import LPF, extras_of, linked_place, more_of, public_point

_STANDARD_COLUMNS = re.compile("标准|standard|BZMC", re.IGNORECASE)


_UNREAD: Record = {"place_code": None, "source": None, "source_id": None}
"""Of a row with a fault: nothing of it is written, but its keys are looked at."""


def names_loader() -> Loader:
    """Loads places with all their names."""
    return Loader(
        "names",
        place,
        partial(_read_name, _category_codes()),
        _NamesWriter,
        unique=(("place_code",), ("source", "source_id")),
    )


def divisions_loader() -> Loader:
    """Loads divisions, with polygons where the file has them."""
    return Loader(
        "divisions", division, _read_division, _DivisionsWriter, unique=(("valid_from", "code"),)
    )


def _category_codes() -> dict[str, str]:
    """Category codes by every way to write one; a name that stands for two is left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for category in categories():
        for text in {category.code, category.code5, category.name, category.name_en.lower()}:
            if found.setdefault(text, category.code) != category.code:
                twice.add(text)
    return {text: code for text, code in found.items() if text and text not in twice}


def _read_name(
    codes: dict[str, str], cells: Cells, system: ReferenceSystem, _crs: str | None
) -> Record:
    linked = cells.text(LPF)
    if linked is not None:
        place_ = linked_place(cells, linked, system) or _UNREAD
        _check_division_code(cells, LPF, place_.get("division_code"))
        return place_
    romanization = cells.text("romanization")
    more = more_of(cells)
    return {
        "name": cells.required("name"),
        "place_code": _place_code(cells),
        "romanization": romanization,
        "romanization_mark": more.get("romanization_mark", "as-loaded" if romanization else None),
        "category_code": _category(codes, cells),
        "status": _status(cells),
        "heritage": cells.flag("heritage"),
        "division_code": _division_code(cells, "division_code"),
        "division_name": cells.text("division_name"),
        "geom": cells.position(system, exact=False) or public_point(cells),
        "valid_from": cells.day("valid_from"),
        "valid_to": cells.day("valid_to"),
        "meaning": cells.text("meaning"),
        "origin": cells.text("origin"),
        "history": cells.text("history"),
        "description": cells.text("description"),
        "remark": cells.text("remark"),
        "source": cells.text("source"),
        "source_id": cells.text("id"),
        "licence": cells.text("licence"),
        "synthetic": cells.flag("synthetic"),
        "other_names": {field: cells.text(field) for field, _ in OTHER_NAMES},
        "names": more.get("names"),
        "extras": {**extras_of(cells), **more.get("extras", {})},
    }


def _category(codes: dict[str, str], cells: Cells) -> str | None:
    """The code of the row's category; one that the table does not know is kept as it is."""
    for field in ("category_code", "category_name"):
        written = cells.text(field)
        if written is None:
            continue
        code = codes.get(written) or codes.get(written.lower())
        if code is None:
            cells.note(
                "unknown-category", field, written,
                f"类别“{written}”不在类别表中，按原文保留",
                f"the category {written} is not in the table place_categories; it is kept as it is",
            )  # fmt: skip
        return code or written
    return None


def _place_code(cells: Cells) -> str | None:
    """The place code; one of another shape is kept, since registers have codes of their own."""
    text = cells.text("place_code")
    if text is None:
        return None
    try:
        return str(PlaceCode.parse(text))
    except InvalidValue:
        cells.note(
            "place-code", "place_code", "",
            "有地名代码不是 20 位（县级 6、乡级 3、类别 5、顺序 6），按原文保留",
            "some place codes do not have 20 digits (6 county, 3 township, 5 category, 6 serial);"
            " they are kept as they are",
        )  # fmt: skip
        return text


def _status(cells: Cells) -> str:
    """The status, else what the use of the name says (现今/历史), else what its column says."""
    stated = cells.choice("status", "name_statuses")
    if stated is not None:
        return stated
    use = cells.text("use_time")
    known = find_term("name_statuses", use) if use else None
    return known.code if known else _unstated_status(cells)


def _unstated_status(cells: Cells) -> str:
    """What a row without status is: standard only where the column of names says so."""
    column = cells.columns.column_of("name") or ""
    status = "standard" if _STANDARD_COLUMNS.search(column) else "unverified"
    zh = "标准" if status == "standard" else "未核实"
    cells.note(
        "status-assumed", "name", status,
        f"未填写状态的行按列名“{column}”记为“{zh}”",
        f"rows without a status are taken as {status}, as the column {column} suggests",
    )  # fmt: skip
    return status


def _division_code(cells: Cells, field: str) -> str | None:
    code = cells.text(field)
    _check_division_code(cells, field, code)
    return code


def _check_division_code(cells: Cells, field: str, code: str | None) -> None:
    if code is not None and not is_code(code):
        cells.fault(
            "division-code", field, code,
            "行政区划代码应为 6、9 或 12 位数字；请更正",
            "a division code has 6, 9 or 12 digits; correct it",
        )  # fmt: skip


class _NamesWriter:
    """Writes places with their names, in the divisions that the store knows."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._containing = Containing(transaction.connection)

    def write(self, records: Sequence[Record]) -> None:
        """Write the next places."""
        rows = self._containing.fill([dict(record) for record in records])
        others = [row.pop("other_names", {}) for row in rows]
        listed = [row.pop("names", None) for row in rows]
        extras = [row.pop("extras", {}) for row in rows]
        ids = self._transaction.insert_many(place, rows)
        named = zip(ids, rows, others, listed, strict=True)
        self._transaction.insert_many(
            place_name,
            (
                name
                for identity, row, other, names in named
                for name in _rows_of(identity, row, other, names)
            ),
        )
        self._transaction.insert_many(
            place_extra,
            (
                {"place_id": identity, "field": field, "text": text}
                for identity, beside in zip(ids, extras, strict=True)
                for field, text in beside.items()
            ),
        )

    def notes(self) -> Sequence[Fault]:
        """How divisions were found."""
        return self._containing.notes()


def _rows_of(
    place_id: int, row: Record, others: dict[str, str | None], names: list[Record] | None
) -> Iterator[Record]:
    """A place's names as rows: those that are listed, else those of the sheet's fields."""
    if names is None:
        yield from names_of(place_id, row, others)
    else:
        yield from ({"place_id": place_id, **name} for name in names)


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
        "seat": cells.text("seat"),
        "in_region": True,
        "valid_from": cells.day("valid_from"),
        "valid_to": cells.day("valid_to"),
        "source": cells.text("source"),
        "licence": cells.text("licence"),
        "synthetic": cells.flag("synthetic"),
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


class _DivisionsWriter:
    """Writes divisions."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def write(self, records: Sequence[Record]) -> None:
        """Write the next divisions."""
        self._transaction.insert_many(division, records)

    def notes(self) -> Sequence[Fault]:
        """Nothing."""
        return ()
