"""FlatGeobuf: read with its system; cut off or with a size that lies it is refused."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from data.errors import InvalidFile
from data.formats import open_table

from .conftest import Read, shape_of
from .test_layers import frame

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    path = tmp_path / "register.fgb"
    frame().to_file(path, driver="FlatGeobuf", engine="pyogrio")
    return path


def test_its_layer_is_read_with_its_system(read: Reader, flat: Path) -> None:
    found = read(flat)
    assert (found.table.format, found.table.crs) == ("fgb", "EPSG:4490")
    assert found.table.columns == ("名称", "级别", "高程")
    placed = zip(found.cells, found.rows, strict=True)
    shapes = {cells[0]: shape_of(row).wkt for cells, row in placed}
    assert shapes == {"敖包": "POINT (111.75 40.8)", "界桩": "POINT (112.75 40.8)"}
    assert sorted(found.cells) == [("敖包", "1", "1.5"), ("界桩", "2", "2")]


def test_the_name_does_not_matter(read: Reader, flat: Path) -> None:
    other = flat.rename(flat.with_suffix(".csv"))
    assert read(other).table.format == "fgb"


@pytest.mark.parametrize("kept", [3, 8, 12, 60, 200])
def test_a_file_that_is_cut_off_is_refused(refusal: Refusal, flat: Path, kept: int) -> None:
    said = refusal(flat.read_bytes()[:kept], name="a.fgb")
    assert "damaged" in said.message or "cannot be read" in said.message
    assert "损坏" in said.zh or "无法读取" in said.zh


def test_a_header_longer_than_the_file_is_refused(refusal: Refusal, flat: Path) -> None:
    content = bytearray(flat.read_bytes())
    content[8:12] = b"\xff\xff\xff\x7f"
    assert "damaged" in refusal(bytes(content), name="a.fgb").message


@pytest.mark.parametrize("seed", range(12))
def test_scrambled_bytes_are_read_or_refused(tmp_path: Path, flat: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    content = bytearray(flat.read_bytes())
    for place in chance.integers(8, len(content), 8):
        content[place] = chance.integers(0, 256)
    path = tmp_path / "scrambled.fgb"
    path.write_bytes(content)
    with suppress(InvalidFile), open_table(path) as table:
        assert table.format == "fgb"
        assert sum(1 for _ in table.rows) <= 2
