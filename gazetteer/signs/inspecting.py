"""A file of sign inspections: rows matched to signs and judged (标志检查)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import hypot, sqrt
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from data.cells import Cells
from data.column_choice import name_columns, said_columns
from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound, NotCommittable
from data.formats import (
    UPLOAD_LIMITS,
    Limits,
    Row,
    Samples,
    Table,
    column_uses,
    map_table,
    open_table,
)
from data.geometry import point_xy
from data.received import ReceivedFiles, Report, fault_json
from data.reference import load_table, methods
from data.store import Store
from data.transaction import Transaction
from gazetteer.signs.standards import standards_of, texts_of
from gazetteer.signs.tables import (
    sign,
    sign_inspection,
    sign_repair,
    sign_submission,
    sign_submission_report,
)
from gazetteer.signs.texts import SignTexts, TextState, check_texts

RECORD: Final = "sign_inspections"
INTACT, MISSING, MOVED, WRONG_TEXT = "intact", "missing", "moved", "wrong_text"
_SURE_FACTOR: Final = 2.448
"""The radius, in standard deviations, of the circle that holds 95 % of a plane normal error."""
_NEAR_M: Final = 30.0
"""A row without a number means the sign nearest to it within this distance."""
_NEAREST: Final = 8
"""So many are measured: a degree of longitude is shorter than one of latitude."""
_NUMBER_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """A file's rows and what is said of them."""

    rows: int
    results: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    columns: tuple[Mapping[str, Any], ...] = ()

    def report(self) -> Report:
        """The part of a submission's report that the file itself determines."""
        return {
            "row_count": self.rows,
            "summary": dict(Counter(one["condition"] for one in self.results)),
            "faults": [fault_json(one) for one in self.faults],
            "findings": [],
            "results": [
                {name: value for name, value in one.items() if name != "raw"}
                for one in self.results
            ],
            "notes": [fault_json(one) for one in self.notes],
            "columns": list(self.columns),
        }


def sign_files() -> ReceivedFiles:
    """Files of sign inspections: receive, preview, commit."""
    return ReceivedFiles(
        sign_submission, sign_submission_report, judge_file, write_inspections, ("mapping",)
    )


def name_sign_columns(
    store: Store,
    submission_id: int,
    mapping: Mapping[str, str],
    actor: str,
    today: date | None = None,
) -> Report:
    """A person says which columns of a file are which fields; it is read and judged anew.

    The same names again change nothing; what is said is as in `boundary.name_columns`.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it is committed already.
        InvalidValue: a field is unknown.
    """
    return name_columns(sign_files(), RECORD, store, submission_id, mapping, actor, today)


def judge_file(
    store: Store,
    connection: Connection,
    path: Path,
    sent: Mapping[str, Any],
    today: date,
    limits: Limits = UPLOAD_LIMITS,
) -> Judged:
    """Read a file and judge its rows against the register of signs; nothing is written.

    Raises:
        InvalidFile: the file cannot be read.
        FaultsFound: its columns cannot be recognised; `beside` holds them as `columns`.
    """
    system, said = ReferenceSystem.parse(store.crs), said_columns(sent)
    with open_table(path, limits=limits, file_name=sent["file_name"]) as table:
        columns, samples = map_table(RECORD, table, said), Samples.of(table)
        if columns.faults:
            samples.draw(table)
            uses = column_uses(table, columns, samples, said)
            raise FaultsFound(columns.faults, {"columns": uses})
        # GeoJSON can state no datum (RFC 7946): its numbers are the store's own.
        crs = None if table.crs == "OGC:CRS84" else table.crs
        read = [
            _read(Cells(row, columns, crs), system, today) for row in _seen_rows(table, samples)
        ]
        notes = (*table.notes, *columns.notes)
        uses = column_uses(table, columns, samples, said)
    faults = tuple(fault for _, found in read for fault in found)
    rows = [row for row, found in read if not found]
    results = tuple(_results(store, connection, rows))
    return Judged(len(read), results, faults, notes, tuple(uses))


def _seen_rows(table: Table, samples: Samples) -> Iterable[Row]:
    """The rows of a table; the first values of its columns are kept as they go by."""
    for row in table.rows:
        samples.look(row)
        yield row


def _read(cells: Cells, system: ReferenceSystem, today: date) -> tuple[dict[str, Any], list[Fault]]:
    names = ("sign_no", "name", "text_han", "text_roman", "inspector", "photo", "remark")
    row: dict[str, Any] = {name: cells.text(name) for name in names}
    row |= {
        "row": cells.row.number,
        "condition": cells.choice("condition", "sign_conditions"),
        "method": cells.choice("method", "methods"),
        "accuracy_m": cells.positive_metres("accuracy_m"),
        "observed_on": cells.day("observed_at"),
        "raw": dict(cells.cells),
    }
    wkb = cells.position(system, exact=False)
    row["xy"] = point_xy(wkb) if wkb else None
    if row["observed_on"] and row["observed_on"] > today:
        cells.fault(
            "date-in-future", "observed_at", row["observed_on"].isoformat(),
            f"检查日期晚于今天（{today}）；请更正",
            f"the date lies after today ({today}); correct it",
        )  # fmt: skip
    return row, list(cells.faults)


def _results(
    store: Store, connection: Connection, rows: list[dict[str, Any]]
) -> Iterable[dict[str, Any]]:
    signs = _signs_by_number(connection, [row["sign_no"] for row in rows if row["sign_no"]])
    near = _Nearest(store, connection) if any(not row["sign_no"] for row in rows) else None
    matched = [
        (row, signs.get(row["sign_no"]) if row["sign_no"] else _near(near, row)) for row in rows
    ]
    places = [known["place_id"] for _, known in matched if known and known["place_id"]]
    standards = standards_of(connection, places)
    measure = _measure(store.crs)
    for row, known in matched:
        yield _judge(row, known, standards, measure)


def _signs_by_number(connection: Connection, numbers: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), _NUMBER_BATCH):
        batch = wanted[start : start + _NUMBER_BATCH]
        statement = select(sign).where(sign.c.sign_no.in_(batch), sign.c.valid_to.is_(None))
        for row in connection.execute(statement).mappings():
            found[row["sign_no"]] = dict(row)
    return found


class _Nearest:
    """The sign nearest to a position, of all in force."""

    def __init__(self, store: Store, connection: Connection) -> None:
        from scipy.spatial import KDTree

        statement = select(sign.c.id, sign.c.geom).where(
            sign.c.geom.is_not(None), sign.c.valid_to.is_(None)
        )
        rows = [(row.id, point_xy(row.geom)) for row in connection.execute(statement)]
        self._ids = [identity for identity, _ in rows]
        self._points = [point for _, point in rows]
        self._tree = KDTree(self._points) if rows else None
        self._connection, self._measure = connection, _measure(store.crs)

    def find(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """The sign that a row without a number means, if one is near enough."""
        if self._tree is None or row["xy"] is None:
            return None
        # A list of ranks is answered by a list, also where there is a single sign.
        nearest = range(1, min(_NEAREST, len(self._ids)) + 1)
        _, places = self._tree.query(row["xy"], k=list(nearest))
        apart = [(self._measure(self._points[int(one)], row["xy"]), int(one)) for one in places]
        distance_m, place = min(apart)
        if distance_m > _NEAR_M:
            return None
        statement = select(sign).where(sign.c.id == self._ids[place])
        return dict(self._connection.execute(statement).mappings().one())


def _near(near: _Nearest | None, row: Mapping[str, Any]) -> dict[str, Any] | None:
    return near.find(row) if near else None


def _measure(crs: str) -> Any:
    """A function of two positions (x, y) that gives their distance in metres."""
    from pyproj import CRS, Geod

    system = CRS.from_user_input(crs)
    if system.is_projected:
        return lambda a, b: hypot(a[0] - b[0], a[1] - b[1])
    ellipsoid = system.ellipsoid
    if ellipsoid is None:
        return lambda _a, _b: 0.0
    geod = Geod(a=ellipsoid.semi_major_metre, rf=ellipsoid.inverse_flattening)
    return lambda a, b: float(geod.inv(a[0], a[1], b[0], b[1])[2])


def _judge(
    row: dict[str, Any], known: dict[str, Any] | None, standards: Mapping[int, Any], measure: Any
) -> dict[str, Any]:
    """What is said about one row."""
    result: dict[str, Any] = {
        "row": row["row"], "sign_no": row["sign_no"], "sign_id": None, "name": row["name"],
        "match": "none", "condition": "unmatched", "distance_m": None, "tolerance_m": None,
        "observed_on": row["observed_on"], "inspector": row["inspector"],
        "text_han": row["text_han"], "text_roman": row["text_roman"], "xy": row["xy"],
        "raw": row["raw"], "text_faults": [],
    }  # fmt: skip
    if known is None:
        result |= {
            "zh": "登记中没有这块标志；请核对编号，或先登记该标志",
            "en": "the register has no such sign; check the number, or enter the sign first",
        }
        return result
    distance_m, tolerance_m = _displacement(row, known, measure)
    texts = _seen(row, known)
    standard = standards.get(known["place_id"] or 0)
    state, faults = check_texts(texts, standard)
    result |= {
        "sign_no": known["sign_no"], "sign_id": known["id"], "name": known["name"],
        "match": "number" if row["sign_no"] else "nearest",
        "distance_m": distance_m, "tolerance_m": tolerance_m,
        "text_faults": [one.as_json() for one in faults],
    }  # fmt: skip
    return result | _verdict(row, state, distance_m, tolerance_m)


def _seen(row: Mapping[str, Any], known: Mapping[str, Any]) -> SignTexts:
    """What was read on the sign; what the row leaves out stands as registered."""
    registered = texts_of(known)
    return SignTexts(
        row["text_han"] or registered.han, row["text_roman"] or registered.roman,
        registered.minority,
    )  # fmt: skip


def _displacement(
    row: Mapping[str, Any], known: Mapping[str, Any], measure: Any
) -> tuple[float | None, float | None]:
    """How far from its registered position, and what the two accuracies allow, in metres."""
    if row["xy"] is None or known["geom"] is None:
        return None, None
    distance_m = round(measure(point_xy(known["geom"]), row["xy"]), 2)
    own = next((m.sigma_m for m in methods() if m.code == row["method"]), None)
    observed = row["accuracy_m"] or own
    if observed is None or known["sigma_m"] is None:
        return distance_m, None
    return distance_m, round(_SURE_FACTOR * sqrt(known["sigma_m"] ** 2 + observed**2), 2)


def _verdict(
    row: Mapping[str, Any], state: TextState, distance_m: float | None, tolerance_m: float | None
) -> dict[str, Any]:
    """The condition: what was reported, else what the text and the position say."""
    reported = row["condition"]
    words = {one["code"]: one for one in load_table("sign_conditions")}
    if reported and reported != INTACT:
        told = words[reported]
        zh, en = f"检查报告为“{told['zh']}”", f"reported as {told['en']}"
        return {"condition": reported, "zh": zh, "en": en}
    if state is TextState.WRONG:
        return {
            "condition": WRONG_TEXT,
            "zh": "标志文字与标准地名不一致",
            "en": "the sign does not show the standard name",
        }
    if distance_m is not None and tolerance_m is not None and distance_m > tolerance_m:
        return {
            "condition": MOVED,
            "zh": f"距登记位置 {distance_m} 米，超过两次定位精度所允许的 {tolerance_m} 米",
            "en": f"{distance_m} m from its registered position, more than the {tolerance_m} m that"
            " the two accuracies allow",
        }
    return {"condition": INTACT, "zh": "未发现问题", "en": "nothing found"}


def write_inspections(transaction: Transaction, row: Mapping[str, Any], judged: Judged) -> None:
    """Inspections, each sign's newest condition, and repair orders for what is to be mended.

    Raises:
        NotCommittable: no row names a sign.
    """
    results = [one for one in judged.results if one["sign_id"] is not None]
    if not results:
        raise NotCommittable(
            f"submission {row['id']} has no row that names a sign; nothing to commit",
            f"提交 {row['id']} 中没有可对应到标志的行；没有可提交的内容",
        )
    ids = transaction.insert_many(sign_inspection, (_inspection(row["id"], one) for one in results))
    day = transaction.day
    for identity, one in zip(ids, results, strict=True):
        _keep_condition(transaction, one)
        _order_repair(transaction, identity, one, day)


def _inspection(submission_id: int, one: Mapping[str, Any]) -> dict[str, Any]:
    lon, lat = one["xy"] or (None, None)
    names = ("row", "sign_id", "observed_on", "inspector", "condition", "distance_m")
    return {
        "submission_id": submission_id,
        **{name: one[name] for name in (*names, "tolerance_m", "text_han", "text_roman")},
        "lon": lon, "lat": lat, "reason_zh": one["zh"], "reason_en": one["en"],
        "raw": orjson.dumps({k: v for k, v in one["raw"].items() if v}).decode(),
    }  # fmt: skip


def _keep_condition(transaction: Transaction, one: Mapping[str, Any]) -> None:
    known = transaction.connection.execute(
        select(sign.c.version, sign.c.inspected_on).where(sign.c.id == one["sign_id"])
    ).one()
    if (known.inspected_on or date.min) <= (one["observed_on"] or date.min):
        values = {"condition": one["condition"], "inspected_on": one["observed_on"]}
        transaction.update(sign, one["sign_id"], known.version, values)


def _order_repair(
    transaction: Transaction, inspection_id: int, one: Mapping[str, Any], day: date
) -> None:
    """Open an order, unless one for the same thing is open already."""
    told = next(t for t in load_table("sign_conditions") if t["code"] == one["condition"])
    if told["repair"] != "yes":
        return
    connection = transaction.connection
    open_ = select(sign_repair.c.id).where(
        sign_repair.c.sign_id == one["sign_id"],
        sign_repair.c.condition == one["condition"],
        sign_repair.c.state == "open",
    )
    if connection.scalar(open_) is not None:
        return
    known = connection.execute(
        select(sign.c.sign_no, sign.c.division_code, sign.c.custody_unit).where(
            sign.c.id == one["sign_id"]
        )
    ).one()
    opened = one["observed_on"] or day
    transaction.insert(
        sign_repair,
        {
            "sign_id": one["sign_id"], "inspection_id": inspection_id, "state": "open",
            "sign_no": known.sign_no, "division_code": known.division_code,
            "condition": one["condition"], "opened_on": opened,
            "due_on": opened + timedelta(days=int(told["repair_days"])),
            "responsible": known.custody_unit,
        },
    )  # fmt: skip
