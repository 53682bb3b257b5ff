"""Who decides about which class of names (批准权限), from the table `approval_authorities`. Pure.

A row says for classes and kinds of cases who applies, which body approves, with whom it files,
and which clocks run. A row without an approving level waits for the region's own rule: cases of
its classes cannot be received before somebody fills it in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import InvalidValue
from data.reference import Row, load_table
from data.reference.tables import kept
from gazetteer.division_path import Division
from gazetteer.errors import NoAuthority
from gazetteer.rules import NameClass

_DISTRICT: Final = "区"
_STATED, _CITY_OR_COUNTY = "stated", "city-or-county"
_NATION: Final = "nation"
_NO_FILING: Final = "none"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that acts, and the division whose officers act for it; None is the nation."""

    zh: str
    en: str
    division_code: str | None


@dataclass(frozen=True, slots=True)
class Authority:
    """A row of the table."""

    code: str
    classes: tuple[str, ...]
    kinds: tuple[str, ...]
    applicant_zh: str
    approving_level: str
    approving_zh: str
    approving_en: str
    filing_level: str
    filing_zh: str
    filing_en: str
    filing_clock: str
    announcement_clock: str
    papers_required: tuple[str, ...]
    papers_asked: tuple[str, ...]
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of one case; `filing` is None where nothing is filed."""

    authority: Authority
    applicant: str
    approving: Body
    filing: Body | None
    announcing: Body


@kept
def authorities(folder: Path | None = None) -> tuple[Authority, ...]:
    """Every row of the table."""
    return tuple(_authority(row) for row in load_table("approval_authorities", folder))


def _authority(row: Row) -> Authority:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(filter(None, row[name].split("|")))

    return Authority(
        code=row["code"],
        classes=listed("classes"),
        kinds=listed("kinds"),
        applicant_zh=row["applicant_zh"],
        approving_level=row["approving_level"],
        approving_zh=row["approving_zh"],
        approving_en=row["approving_en"],
        filing_level=row["filing_level"],
        filing_zh=row["filing_zh"],
        filing_en=row["filing_en"],
        filing_clock=row["filing_clock"],
        announcement_clock=row["announcement_clock"],
        papers_required=listed("papers_required"),
        papers_asked=listed("papers_asked"),
        article=row["article"],
        source=row["source"],
    )


def authority_of(name_class: NameClass, kind: str) -> Authority:
    """Who decides about a class of names in a kind of case.

    Raises:
        NoAuthority: no row has the class and kind, or its approving level is not filled in.
    """
    found = next(
        (one for one in authorities() if name_class.code in one.classes and kind in one.kinds), None
    )
    if found is None or not found.approving_level:
        where = f"row {found.code}" if found else f"a row for {name_class.code}, {kind}"
        where_zh = f"“{found.code}”行" if found else f"{name_class.code}（{kind}）"
        raise NoAuthority(
            f"no body is stated that decides about {name_class.en} ({kind}): fill in {where} of the"
            " table approval_authorities from the region's own rule, with its source",
            f"批准权限表未规定“{name_class.zh}”（{kind}）的批准机关：请按本地规定填写批准权限表中{where_zh}"
            "并注明依据",
        )
    return found


def bodies_of(
    authority: Authority, path: Sequence[Division], stated: Body | None, applicant: str
) -> Bodies:
    """The bodies of a case.

    Args:
        authority: the row.
        path: the case's division and everything above it, lowest first.
        stated: the approving body as the application states it, where the row leaves it open.
        applicant: who applies; empty for the row's own words.
    """
    approving = _approving(authority, path, stated)
    own = next((d for d in path if d.code == approving.division_code), None)
    return Bodies(
        authority,
        applicant or _filled(authority.applicant_zh, own, path),
        approving,
        _filing(authority, approving, own, path),
        _announcing(approving, own),
    )


def _approving(authority: Authority, path: Sequence[Division], stated: Body | None) -> Body:
    level = authority.approving_level
    if level == _STATED:
        if stated is None or stated.division_code not in {None, *(d.code for d in path)}:
            raise InvalidValue(
                "approving_body", stated and stated.zh,
                "the law leaves open which body decides, so the application states it",
                "give its name, and the code of its division on the place's own path",
                "该类地名由主管部门批准：请填写批准机关名称及其所属区划代码（须为所在地的上级区划）",
            )  # fmt: skip
        return stated
    if level == _NATION:
        return Body(authority.approving_zh, authority.approving_en, None)
    own = _at_level(path, level)
    zh, en = authority.approving_zh, authority.approving_en
    return Body(_filled(zh, own, path), _filled(en, own, path), own.code)


def _at_level(path: Sequence[Division], level: str) -> Division:
    """The division of a level on the path; a district's city stands for city or county.

    Raises:
        InvalidValue: the path has no division of that level.
    """
    if level == _CITY_OR_COUNTY:
        county = next((d for d in path if d.level == "county"), None)
        level = "prefecture" if county is None or county.name.endswith(_DISTRICT) else "county"
    found = next((d for d in path if d.level == level), None)
    if found is None:
        raise InvalidValue(
            "in", path[0].code, f"it lies in no division of {level} level, whose body decides",
            "give a division that lies in one", f"“{path[0].name}”之上没有{level}级批准机关",
        )  # fmt: skip
    return found


def _filing(
    authority: Authority, approving: Body, own: Division | None, path: Sequence[Division]
) -> Body | None:
    if authority.filing_level == _NO_FILING:
        return None
    zh, en = _filled(authority.filing_zh, own, path), _filled(authority.filing_en, own, path)
    if authority.filing_level == "same-level":
        return Body(zh or f"{_name(own)}地名主管部门", en, approving.division_code)
    if authority.filing_level == _NATION or own is None:
        return Body(zh, en, None)
    above = path[path.index(own) + 1] if path.index(own) + 1 < len(path) else None
    if above is None:
        return Body("国务院", "the State Council", None)
    return Body(f"{above.name}人民政府", f"the government of {above.name}", above.code)


def _announcing(approving: Body, own: Division | None) -> Body:
    name = _name(own) or "国务院"
    return Body(
        f"{name}地名行政主管部门", f"the place-name authority of {name}", approving.division_code
    )


def _name(own: Division | None) -> str:
    return own.name if own else ""


def _filled(text: str, own: Division | None, path: Sequence[Division]) -> str:
    """A body's name with divisions' names filled in: {place}, {region}, {prefecture}, {county}."""
    known = {d.level: d.name for d in path}
    names = {
        level: known.get(level, "") for level in ("region", "prefecture", "county", "township")
    }
    return text.format_map(names | {"place": _name(own)})
