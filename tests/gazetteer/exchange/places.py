"""Places as hypothesis draws them, and how a table's row becomes one again."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from data.cells import Cells
from data.coordinates import CGCS2000
from data.errors import FaultsFound
from data.formats import ColumnMap, Row, map_columns
from data.formats.cells import clean
from data.formats.formulas import unguarded
from data.formats.writing import Attribute, Layer, Record
from data.formats.writing.delimited import row_maker
from data.geometry import point_xy
from gazetteer.exchange.records import NameRow, PlaceRecord
from gazetteer.loading import names_loader
from gazetteer.name_rows import names_of

_LOADER = names_loader()
_ALPHABET = "敖包白音 ᠣᠪᠣABCz'\"=+-@,、;/|<>&\\{}0１\n。"
texts = st.text(st.sampled_from(_ALPHABET), min_size=1, max_size=12).map(str.strip).filter(bool)
maybe = st.none() | texts
days = st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat)
positions = st.none() | st.tuples(
    st.integers(-180_000_000, 180_000_000).map(lambda n: n / 1_000_000),
    st.integers(-90_000_000, 90_000_000).map(lambda n: n / 1_000_000),
)
LANGUAGES = st.sampled_from(["zh-Hans", "mn-Mong", "mn-Cyrl", "und-Latn", "zh-Latn-pinyin", "en"])
KINDS = st.sampled_from(["standard", "alias", "short", "former", "variant", "local", "foreign"])
STATUSES = st.sampled_from(["standard", "pending", "former", "unverified"])
names = st.builds(
    NameRow,
    text=texts,
    language=LANGUAGES,
    kind=KINDS,
    status=st.none() | STATUSES,
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    source=maybe,
)
columns = st.fixed_dictionaries(
    {
        "name": texts,
        "place_code": st.none() | st.from_regex(r"\A[0-9]{20}\Z"),
        "romanization": maybe,
        "romanization_mark": st.none() | st.sampled_from(["as-loaded", "agreed", "memory"]),
        "category_code": st.sampled_from([None, "134", "121", "222", "99999", "烽火台遗址"]),
        "status": STATUSES,
        "heritage": st.booleans(),
        "division_code": st.sampled_from([None, "990101", "990101001", "990101001200"]),
        "valid_from": st.none() | days,
        "valid_to": st.none() | days,
        "meaning": maybe,
        "origin": maybe,
        "history": maybe,
        "description": maybe,
        "remark": maybe,
        "source": maybe,
        "source_id": maybe,
        "licence": maybe,
        "synthetic": st.booleans(),
    }
)
extras = st.dictionaries(
    st.sampled_from(["secrecy", "map_scale", "division_name", "registered_by", "city_name", "x y"]),
    texts,
    max_size=4,
)
records = st.builds(
    PlaceRecord,
    id=st.just(7),
    columns=columns,
    position=positions,
    names=st.lists(names, max_size=4).map(tuple),
    extras=extras,
)


def from_row(titles: Sequence[str], cells: Sequence[str], crs: str | None = None) -> PlaceRecord:
    """The place that a table's row becomes, by the loader's own reading."""
    row = Row(2, tuple(clean(list(cells))))
    reading = Cells(row, _mapped(tuple(titles), crs))
    read = _LOADER.read(reading, CGCS2000, crs)
    if reading.faults:
        raise FaultsFound(reading.faults)
    record = dict(read)
    listed = record.pop("names")
    if listed is None:
        made = names_of(0, record, record["other_names"])
        listed = [{k: v for k, v in name.items() if k != "place_id"} for name in made]
    rows = [NameRow(**{key: _text(value) for key, value in name.items()}) for name in listed]
    position, beside = record.pop("geom"), record.pop("extras")
    for helper in ("other_names", "division_name"):
        record.pop(helper)
    columns = {key: _text(value) for key, value in record.items()}
    return PlaceRecord(7, columns, position and point_xy(position), tuple(rows), beside)


@cache
def _mapped(titles: tuple[str, ...], crs: str | None) -> ColumnMap:
    return map_columns("names", titles, crs=crs)


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def as_rows(titles: Sequence[str], values: Sequence[Any]) -> list[str]:
    """A record's cells as they stand in a CSV file and come out of it."""
    layer = Layer("x", "x", "x", tuple(Attribute(t) for t in titles), None, "EPSG:4490", id_name="")
    out = io.StringIO()
    csv.writer(out).writerow(row_maker(layer)(Record(7, tuple(values), None)))
    return [unguarded(cell) for cell in next(csv.reader(io.StringIO(out.getvalue())))]
