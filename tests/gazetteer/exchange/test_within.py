"""What lies in a division: by its own code, else by where it is."""

import pytest

from boundary import MARKERS
from data.asking import ItemsQuery
from data.collection import Collection
from data.errors import InvalidValue
from data.export import layer_of, read_batches
from data.geometry import Box
from data.store import Store
from gazetteer import DIVISIONS, PLACES
from gazetteer.exchange import Within
from gazetteer.tables import division, place


def labels(store: Store, collection: Collection, text: str) -> list[str]:
    with store.read_long() as connection:
        area = Within.named(connection, text)
        layer = layer_of(connection, collection, store.crs)
        names = [attribute.name for attribute in layer.attributes]
        at = names.index("name") if "name" in names else 0
        return sorted(
            str(record.values[at])
            for batch in read_batches(connection, collection, layer, ItemsQuery())
            for record, inside in zip(batch.records, area.keep(layer, batch.records), strict=True)
            if inside
        )


def test_places_go_by_their_code(filled: Store) -> None:
    with filled.write("tests", "a place on the wrong side, and one without a position") as writing:
        writing.insert(place, {"name": "飞地", "status": "standard", "division_code": "990201"})
    assert labels(filled, PLACES, "上盟") == ["巴彦淖尔", "白音敖包"]
    assert labels(filled, PLACES, "990200") == ["乌兰浩特", "鄂博", "飞地"]


def test_divisions_are_in_themselves_and_above(filled: Store) -> None:
    assert labels(filled, DIVISIONS, "上盟") == ["上盟", "东旗", "西旗"]


def test_markers_go_by_their_position_and_a_border_counts(filled: Store) -> None:
    assert len(labels(filled, MARKERS, "东旗")) == 4
    assert len(labels(filled, MARKERS, "西旗")) == 5
    assert labels(filled, MARKERS, "南旗") == []


def test_an_unknown_division_is_refused(filled: Store) -> None:
    with pytest.raises(InvalidValue, match="no division"):
        labels(filled, MARKERS, "无此旗")


def test_a_division_without_a_polygon_finds_nothing_by_position(filled: Store) -> None:
    with filled.write("tests", "a division without a polygon") as writing:
        writing.insert(
            division,
            {"code": "990103", "name": "无图旗", "level": "county", "in_region": True},
        )
    with filled.read() as connection:
        area = Within.named(connection, "无图旗")
        assert area.box is None
        with pytest.raises(InvalidValue, match="no polygon"):
            area.need_polygon()
        assert Within.named(connection, "东旗").box == Box(111.0, 41.0, 112.0, 42.0)
