"""Lines and their sections from files into the register (界线, 走向说明)."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from pyproj import Geod
from sqlalchemy import select

from boundary.line_tables import line_section
from boundary.lines.keeping import Section, read_sections, replace_sections
from boundary.lines.reading import AGREED, COMPUTED, apart_findings
from boundary.rows import plain
from boundary.tables import line
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound
from data.geometry import MULTILINESTRING
from data.loading import Loader, Record
from data.reference import line_state
from data.transaction import Transaction

_LEVELS_BY_DIGITS = ((2, "province"), (4, "prefecture"), (6, "county"))
"""The level of a line is that at which the codes of its parties differ (GB/T 2260)."""
_STATED = ("markers_stated", "single_stated", "double_stated", "triple_stated")
_MOST_NOTES = 20


def lines_loader() -> Loader:
    """Loads boundary lines with their geometry."""
    return Loader("lines", line, _read_line, _LinesWriter)


def sections_loader() -> Loader:
    """Loads the sections of lines that are in the register, in the place of what they had."""
    return Loader("sections", line_section, _read_section, _SectionsWriter)


def _read_line(cells: Cells, system: ReferenceSystem, crs: str | None) -> Record:
    geom = cells.shape(MULTILINESTRING, system, crs)
    length_km = cells.kilometres("length_km")
    parties = {name: cells.text(name) for name in ("party_a", "party_b", "party_c")}
    return {
        "name": cells.required("name"),
        "code": cells.text("code"),
        "level": _line_level(cells),
        **parties,
        "approving_authority": cells.text("approving_authority"),
        "approved_on": cells.day("approved_on"),
        "length_m": round(length_km * 1000, 3)
        if length_km is not None
        else _length_m(geom, system),
        "length_basis": AGREED if length_km is not None else COMPUTED,
        "start_point": cells.text("start_point"),
        "end_point": cells.text("end_point"),
        **_state(cells, parties),
        **{name: cells.whole(name) for name in _STATED},
        "remark": cells.text("remark"),
        "source": cells.text("source"),
        "licence": cells.text("licence"),
        "synthetic": cells.flag("synthetic"),
        "geom": geom,
    }


def _line_level(cells: Cells) -> str | None:
    if cells.text("level") is not None:
        return cells.choice("level", "line_levels")
    first, second = (cells.text(party) or "" for party in ("party_a", "party_b"))
    if first.isdigit() and second.isdigit() and first != second:
        for digits, level in _LEVELS_BY_DIGITS:
            if first[:digits] != second[:digits]:
                return level
        return "township"
    cells.fault(
        "missing", "level", "",
        "缺少界线级别，也无法由双方行政区划代码得出；请填写省级、市级、县级或乡级",
        "has no level, and the codes of the parties do not tell it; fill in province, prefecture,"
        " county or township",
    )  # fmt: skip
    return None


def _state(cells: Cells, parties: Mapping[str, str | None]) -> dict[str, str | None]:
    """What the file says, a dispute first; else what is known of the line; else nothing."""
    if cells.flag("disputed"):
        return {"state": "disputed", "state_source": cells.text("source") or "disputed"}
    stated = cells.choice("state", "segment_states")
    if stated is not None:
        return {"state": stated, "state_source": cells.text("source")}
    known = line_state(parties["party_a"] or "", parties["party_b"] or "")
    state, source = known or (None, None)
    return {"state": state, "state_source": source}


def _length_m(wkb: bytes | None, system: ReferenceSystem) -> float | None:
    """Length on the ellipsoid of the store's own datum, metres."""
    if wkb is None:
        return None
    ellipsoid = system.datum.ellipsoid
    geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
    return round(float(geod.geometry_length(shapely.from_wkb(wkb))), 3)


class _LinesWriter:
    """Writes lines, and says which stay away from their parties."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._notes: list[Fault] = []

    def write(self, records: Sequence[Record]) -> None:
        """Write the next lines."""
        self._transaction.insert_many(line, records)
        connection = self._transaction.connection
        dialect: Any = connection.dialect
        for record in records:
            for found in apart_findings(connection, record, f"EPSG:{dialect.ovoo_srid}"):
                said = f"{record['name']}：{found.zh}", f"{record['name']}: {found.en}"
                self._notes.append(Fault(found.kind, None, None, str(found.value), *said))

    def notes(self) -> Sequence[Fault]:
        """Parties that do not touch their line; the first of them where there are many."""
        shown = self._notes[:_MOST_NOTES]
        if len(self._notes) > len(shown):
            more = len(self._notes) - len(shown)
            shown.append(
                Fault(
                    "party_apart", None, None, str(more),
                    f"另有 {more} 处当事方与界线不相接", f"{more} more parties stay away",
                )
            )  # fmt: skip
        return shown


def _read_section(cells: Cells, _system: ReferenceSystem, _crs: str | None) -> Record:
    fields = [name for name in Section.__dataclass_fields__ if name not in {"length_m", "state"}]
    return {
        "line_code": cells.required("line_code"),
        "ordinal": cells.whole("ordinal"),
        "row": cells.row.number,
        **{name: cells.text(name) for name in fields},
        "kind": cells.required("kind"),
        "state": cells.text("state") or "agreed",
        "length_m": cells.positive_metres("length_m"),
    }


class _SectionsWriter:
    """Collects sections by line and puts them in the place of the line's own."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._by_line: dict[str, list[Record]] = {}

    def write(self, records: Sequence[Record]) -> None:
        """Remember the next sections; a line's are known to be whole only at the file's end."""
        for record in records:
            self._by_line.setdefault(record["line_code"], []).append(record)

    def notes(self) -> Sequence[Fault]:
        """Write them.

        Raises:
            FaultsFound: a line is not in the register, or a section is wrong.
        """
        faults: list[Fault] = []
        for code, rows in self._by_line.items():
            faults += self._put(code, rows)
        if faults:
            raise FaultsFound(faults)
        return ()

    def _put(self, code: str, rows: Sequence[Record]) -> list[Fault]:
        connection = self._transaction.connection
        found = (
            connection.execute(select(line).where(line.c.code == code, line.c.valid_to.is_(None)))
            .mappings()
            .all()
        )
        if len(found) != 1:
            zh = f"登记簿中代码为 {code} 的现行界线有 {len(found)} 条；应为 1 条"
            en = f"the register has {len(found)} lines in force with code {code}; one is needed"
            return [Fault("unknown-line", rows[0]["row"], "line_code", code, zh, en)]
        ordered = sorted(
            rows, key=lambda row: (row["ordinal"] is None, row["ordinal"] or row["row"])
        )
        sections = [
            Section(**{name: row[name] for name in Section.__dataclass_fields__}) for row in ordered
        ]
        values, faults = read_sections(connection, code, sections, [row["row"] for row in ordered])
        if not faults:
            replace_sections(self._transaction, plain(found[0]), found[0]["version"], values)
        return faults
