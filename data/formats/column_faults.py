"""What is to be said of a file's columns: missing, doubled, unknown, unread."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from data.errors import Fault
from data.formats.cells import column_letters
from data.formats.fields import Field, fold_name

_LIKENESS = 0.5
_SHOWN = 30
_SHOWN_CHARS = 80


def no_such(what: str, name: str, known: list[str], column: str) -> Fault:
    """An override names a field or a column (`what`) that does not exist."""
    near = get_close_matches(name, known, 1, _LIKENESS)
    shown = near or [item for item in known if item][:_SHOWN]
    zh_what = {"field": "字段", "column": "列"}[what]
    return Fault(
        f"unknown-{what}",
        None,
        column,
        name,
        f"没有名为“{name}”的{zh_what}；可用：{'、'.join(shown)}",
        f"there is no {what} {name!r}; there is {', '.join(shown)}",
    )


def duplicates(columns: Sequence[str], candidates: Mapping[str, list[int]]) -> list[Fault]:
    """Fields that more than one column claims."""
    faults = []
    for name, indexes in candidates.items():
        if len(indexes) > 1:
            shown = [f"{columns[index]} ({column_letters(index + 1)})" for index in indexes]
            faults.append(
                Fault(
                    "duplicate-column",
                    None,
                    columns[indexes[1]],
                    " | ".join(shown),
                    f"{'、'.join(shown)} 都对应字段 {name}；请删去一列，或用“列名={name}”指定其一",
                    f"{' and '.join(shown)} are both {name}; delete one, or choose one with"
                    f" COLUMN={name}",
                )
            )
    return faults


def several_of_name(columns: Sequence[str], column: str, name: str) -> Fault:
    """A person names a column that the file has several of: which one is meant, nothing tells."""
    places = [number for number, one in enumerate(columns, 1) if one == column]
    shown = " | ".join(f"#{place} ({column_letters(place)})" for place in places)
    return Fault(
        "duplicate-column",
        None,
        column,
        shown,
        f"文件中有 {len(places)} 个“{column}”列（{shown}）；"
        f"请按位置指定其一，如 #{places[0]}={name}",
        f"the file has {len(places)} columns {column!r} ({shown}); name one of them by its place,"
        f" as in #{places[0]}={name}",
    )


def two_fields(columns: Sequence[str], index: int, first: str, second: str) -> Fault:
    """A person names one column, by its name and by its place, for two fields."""
    column = columns[index]
    place = f"#{index + 1}"
    return Fault(
        "column-twice",
        None,
        column,
        f"{first} | {second}",
        f"列“{column}”（{place}）同时指定为 {first} 和 {second}；请只保留其一",
        f"column {place} {column!r} is named as {first} and as {second}; say only one of them",
    )


def missing_fault(wanted: tuple[Field, ...], columns: Sequence[str]) -> Fault:
    """None of the wanted fields has a column; names what there is, and the likeliest slip."""
    names = " / ".join(item.name for item in wanted)
    usual = " / ".join(item.spellings[0] for item in wanted)
    filled = [column for column in columns if column]
    found = ", ".join(filled[:_SHOWN]) + (" …" if len(filled) > _SHOWN else "")
    near = _nearest(wanted, filled)
    out_zh, out_en = (
        "请补上该列，或用“列名=字段”指定",
        "add the column, or name it with COLUMN=FIELD",
    )
    if near:
        column, spelling, name = near
        out_zh = f"“{column}”列是否就是“{spelling}”？若是，请用“{column}={name}”指定"
        out_en = f"is column {column!r} meant as {spelling}? Then say {column}={name}"
    return Fault(
        "missing-column",
        None,
        None,
        found,
        f"缺少 {usual} 列（字段 {names}）；文件中的列有：{found}；{out_zh}",
        f"no column for {names} (usually {usual}); the file has {found}; {out_en}",
    )


def _nearest(wanted: tuple[Field, ...], columns: list[str]) -> tuple[str, str, str] | None:
    """The file's column most like a spelling: (column, spelling, field)."""
    best: tuple[int, str, str, str] | None = None
    for item in wanted:
        folded = {fold_name(spelling)[0]: spelling for spelling in item.spellings}
        for column in columns:
            for form in fold_name(column):
                near = get_close_matches(form, folded, 1, _LIKENESS)
                if near and (best is None or len(near[0]) > best[0]):
                    best = (len(near[0]), column, folded[near[0]], item.name)
    return best[1:] if best else None


def unread(columns: Sequence[str], read: set[int]) -> tuple[Fault, ...]:
    """A note for each named column that is no field."""
    return tuple(
        Fault(
            "unread-column",
            None,
            column,
            column,
            "未识别为任何字段，不读取；如需读取请用“列名=字段”指定",
            "it is no known field and is not read; name it with COLUMN=FIELD if it should be",
        )
        for index, column in enumerate(columns)
        if column and index not in read
    )


def unknown_crs(crs: str) -> Fault:
    """The file's positions are in a system that it names and nobody knows."""
    shown = crs[:_SHOWN_CHARS]
    return Fault(
        "unknown-crs",
        None,
        None,
        shown,
        f"文件的坐标系“{shown}”无法识别；请改为如 EPSG:4490 或“国家2000 3度带 中央子午线114”",
        f"its reference system {shown!r} is not known; name it as EPSG:4490, say, or"
        " 国家2000 3度带 中央子午线114",
    )
