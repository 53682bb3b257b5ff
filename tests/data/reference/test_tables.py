from pathlib import Path

import pytest

from data.errors import FaultsFound, InvalidFile, InvalidValue
from data.reference import TABLES, load_table

SHIPPED = Path(load_table.__code__.co_filename).parent


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_names_its_source(name: str) -> None:
    assert all(row["source"].strip() for row in load_table(name))


def test_every_known_table_is_shipped() -> None:
    assert {path.stem for path in SHIPPED.glob("*.csv")} >= set(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_files_are_utf8_with_plain_line_ends(name: str) -> None:
    content = (SHIPPED / f"{name}.csv").read_bytes()
    content.decode("utf-8")
    assert b"\r" not in content
    assert content.endswith(b"\n")


def test_every_table_is_described() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/data-sources.md").read_text(
        encoding="utf-8"
    )
    assert [name for name in TABLES if f"`{name}`" not in page] == []


def test_rows_cannot_be_changed_by_one_reader_for_another() -> None:
    with pytest.raises(TypeError):
        load_table("materials")[0]["zh"] = "木"  # type: ignore[index]


def test_an_unknown_table_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(InvalidValue, match="materials"):
        load_table("marterials")


def test_an_operators_table_stands_in_for_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "code,zh,en,synonyms,mark,source\nwood,木质,wood,,M,own list\n"
    (tmp_path / "materials.csv").write_text("\ufeff" + own, encoding="utf-8")
    assert [row["code"] for row in load_table("materials", tmp_path)] == ["wood"]
    assert load_table("conditions", tmp_path) == load_table("conditions")
    monkeypatch.setenv("OVOO_REFERENCE", str(tmp_path))
    assert [row["code"] for row in load_table("materials")] == ["wood"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not a code table"),
        ("code,名".encode("gb18030"), "not a code table"),
        (b"code,zh,en,synonyms,mark\nwood,w,wood,,M\n", "column source is missing"),
        (b'code,zh,en,synonyms,mark,source\n"wood"x,w,wood,,M,own\n', "not a code table"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "materials.csv").write_bytes(content)
    with pytest.raises(InvalidFile, match=told):
        load_table("materials", tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such folder"):
        load_table("materials", tmp_path / "absent")


def test_all_faults_of_a_table_are_named_with_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_text(
        "code,name,level,parent_code,romanization,romanization_mark,source\n"
        "150000,甲,region,,,,own\n"
        "15010,乙,prefecture,150000,,,own\n"
        "150200,,village,159900,,,\n"
        "150000,丙,county\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsFound) as caught:
        load_table("divisions", tmp_path)
    places = {(fault.row, fault.column) for fault in caught.value.faults}
    assert places == {
        (3, "code"),
        (4, "name"),
        (4, "level"),
        (4, "source"),
        (4, "parent_code"),
        (5, "source"),
        (5, "code"),
    }
    assert all(fault.zh and fault.en for fault in caught.value.faults)
