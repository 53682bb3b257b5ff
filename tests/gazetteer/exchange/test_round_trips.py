"""From store to file to store: places are the same, in every profile that says everything."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.asking import ItemsQuery
from data.loading import LoadOptions, load_file
from data.reference import category
from data.store import Store, create_store
from gazetteer import PLACES, names_loader
from gazetteer.exchange import Export, choose
from gazetteer.exchange.exporting import write_file
from gazetteer.exchange.records import NAME_FIELDS
from gazetteer.tables import place, place_extra, place_name

HOSTILE = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> 一\n二 \"'`,;|"
ROWS: list[dict[str, Any]] = [
    {"name": HOSTILE, "status": "standard", "remark": HOSTILE, "source": "@甲", "licence": "CC0"},
    {"name": "长" * 5_000, "status": "former", "synthetic": True, "category_code": "烽火台遗址"},
    {
        "name": "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ ᠤᠨ",
        "status": "pending",
        "romanization": "-x",
        "division_code": "990101",
    },
]
NAMES: list[dict[str, Any]] = [
    {"text": HOSTILE, "language": "zh-Hans", "kind": "standard", "status": "standard"},
    {"text": "Хөх / хот", "language": "mn-Cyrl", "kind": "foreign", "status": None, "source": "乙"},
]
EXTRAS = {"secrecy": "秘密", "map_scale": "1:50000", "registered_by": "=某人"}


def fill(store: Store) -> None:
    with store.write("tests", "hostile places") as transaction:
        for row in ROWS:
            identity = transaction.insert(place, row)
            for name in NAMES:
                transaction.insert(place_name, {"place_id": identity, **name})
            for field, text in EXTRAS.items():
                transaction.insert(
                    place_extra, {"place_id": identity, "field": field, "text": text}
                )


def kept(store: Store) -> list[Any]:
    with store.read() as connection:
        places = connection.execute(select(place).order_by(place.c.id)).mappings().all()
        names = select(place_name.c.place_id, *(place_name.c[n] for n in NAME_FIELDS))
        extras = select(place_extra.c.place_id, place_extra.c.field, place_extra.c.text)
        return [
            [dict(row) for row in places],
            connection.execute(names.order_by(place_name.c.id)).all(),
            sorted(connection.execute(extras).all()),
        ]


def leave(store: Store, path: Path, form: str | None, profile: str | None, **how: Any) -> int:
    format_, shape = choose(PLACES, form, profile)
    asked = Export(
        PLACES, format_, ItemsQuery(), profile=shape, root="http://here/", **{"whole": True, **how}
    )
    return write_file(store, asked, path, lambda *_: None)


@pytest.mark.parametrize(
    ("profile", "form", "name"),
    [
        ("census", "csv", "a.csv"),
        ("census", "xlsx", "a.xlsx"),
        ("census", "gpkg", "a.gpkg"),
        ("census", "geojson", "a.geojson"),
        ("lpf", None, "a.lpf.json"),
        ("lpf", "geojsonseq", "a.geojsons"),
    ],
)
def test_places_come_back_into_an_empty_store(
    filled: Store, tmp_path: Path, profile: str, form: str | None, name: str
) -> None:
    fill(filled)
    path = tmp_path / name
    assert leave(filled, path, form, profile) == 7
    with create_store(str(tmp_path / "second.gpkg")) as second:
        loaded = load_file(second, names_loader(), path, "tester", LoadOptions())
        assert loaded.written == 7
        before, after = kept(filled), kept(second)
        if profile == "census":
            # A sheet says which division holds a place; it comes back as it is written there.
            after[2] = [row for row in after[2] if row.field != "division_name"]
            for row in before[0]:
                known = category(row["category_code"] or "")
                row["category_code"] = known.code if known else row["category_code"]
        assert after == before


@pytest.mark.parametrize("form", ["records", "csv"])
def test_the_national_record_comes_back(filled: Store, tmp_path: Path, form: str) -> None:
    path, again = tmp_path / "a.json", tmp_path / "b.json"
    assert leave(filled, path, form, "national") == 4
    with create_store(str(tmp_path / "second.gpkg")) as second:
        loaded = load_file(second, names_loader(), path, "tester", LoadOptions())
        assert loaded.written == 4
        leave(second, again, form, "national")
    before, after = path.read_text("utf-8"), again.read_text("utf-8")
    assert "白音敖包" in before
    assert after == before


def test_closed_fields_stay_where_whoever_asks_is_nobody(filled: Store, tmp_path: Path) -> None:
    fill(filled)
    for profile, name in (("census", "a.csv"), ("lpf", "a.json")):
        path = tmp_path / name
        leave(filled, path, None, profile, whole=False)
        text = path.read_text("utf-8-sig")
        assert "秘密" not in text
        assert "某人" not in text
        assert "1:50000" in text
