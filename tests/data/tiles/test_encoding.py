"""What is written is what another library reads."""

from typing import Any

import mapbox_vector_tile
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.tiles.encoding import (
    LINE,
    POINT,
    POLYGON,
    LayerWriter,
    path_commands,
    point_commands,
    varint,
)

VALUES = st.one_of(
    st.none(),
    st.text(max_size=20).filter(lambda text: "\0" not in text),
    st.booleans(),
    st.integers(-(2**40), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
)


def read(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(
        content, default_options={"y_coord_down": True}
    )
    return found


@given(
    st.lists(st.tuples(st.integers(1, 2**40), st.tuples(VALUES, VALUES, VALUES)), min_size=1),
    st.integers(-100_000, 100_000),
    st.integers(-100_000, 100_000),
)
def test_points_and_values_come_back(
    features: list[tuple[int, tuple[Any, ...]]], x: int, y: int
) -> None:
    writer = LayerWriter("places", ["一", "b", "c"])
    for identity, values in features:
        writer.add(identity, POINT, point_commands(x, y), values)
    layer = read(writer.content())["places"]
    assert (layer["version"], layer["extent"]) == (2, 4096)
    for written, (identity, values) in zip(layer["features"], features, strict=True):
        assert written["id"] == identity
        assert written["geometry"] == {"type": "Point", "coordinates": [x, y]}
        expected = {k: v for k, v in zip(["一", "b", "c"], values, strict=True) if v is not None}
        assert written["properties"] == expected
        for name, value in expected.items():
            assert type(written["properties"][name]) is type(value)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2**40), st.integers(0, 4095), st.integers(0, 4095),
            st.tuples(VALUES, st.one_of(st.none(), st.text(max_size=200)), st.booleans()),
        ),
        min_size=1,
    ),
    st.integers(0, 2),
)  # fmt: skip
def test_points_side_by_side_come_back(
    features: list[tuple[int, int, int, tuple[Any, ...]]], own: int
) -> None:
    if own == 0:  # values that come together are of one kind for each key
        features = [(*place, (None, *more)) for *place, (_, *more) in features]
    writer = LayerWriter("places", ["一", "b", "c"], own)
    writer.add_points(*zip(*features, strict=True))
    layer = read(writer.content())["places"]
    for written, (identity, x, y, values) in zip(layer["features"], features, strict=True):
        assert written["id"] == identity
        assert written["geometry"] == {"type": "Point", "coordinates": [x, y]}
        assert written["properties"] == {
            name: value for name, value in zip(["一", "b", "c"], values, strict=True)
            if value is not None
        }  # fmt: skip


def test_many_values_have_numbers_of_three_bytes() -> None:
    count = 40_000
    writer = LayerWriter("places", ["a", "b"], 1)
    values = [(f"名{number}", True) for number in range(count)]
    writer.add_points(range(1, count + 1), [5] * count, [6] * count, values)
    features = read(writer.content())["places"]["features"]
    assert [one["properties"]["a"] for one in features] == [a for a, _ in values]


def test_one_true_and_one_point_nought_are_three_values() -> None:
    writer = LayerWriter("places", ["a"])
    values = [1, True, 1.0, 0, False, 0.0, None]
    for identity, value in enumerate(values):
        writer.add(identity, POINT, point_commands(0, 0), [value])
    told = [one["properties"].get("a") for one in read(writer.content())["places"]["features"]]
    assert [(type(one), one) for one in told] == [(type(one), one) for one in values]


@given(st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)), min_size=2))
def test_lines_come_back(points: list[tuple[int, int]]) -> None:
    writer = LayerWriter("lines", [])
    writer.add(7, LINE, path_commands([np.array(points)], closed=False), [])
    (feature,) = read(writer.content())["lines"]["features"]
    assert feature["geometry"]["coordinates"] == [list(point) for point in points]


def test_areas_with_holes_and_parts_come_back() -> None:
    outer = np.array([[0, 0], [100, 0], [100, 100], [0, 100]])
    hole = np.array([[10, 10], [10, 20], [20, 20], [20, 10]])
    other = np.add(outer, [200, 0])
    writer = LayerWriter("divisions", [])
    writer.add(1, POLYGON, path_commands([outer, hole, other], closed=True), [])
    (feature,) = read(writer.content())["divisions"]["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    first, second = feature["geometry"]["coordinates"]
    assert [len(ring) for ring in first] == [5, 5]
    assert len(second) == 1


def test_a_layer_without_features_is_nothing() -> None:
    assert LayerWriter("places", ["name"]).content() == b""


@given(st.integers(0, 2**62))
def test_numbers_are_seven_bits_to_a_byte(value: int) -> None:
    read_back = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(varint(value)))
    assert read_back == value
    assert all(byte & 0x80 for byte in varint(value)[:-1])
