"""Books, lists and sheets of the drawn region: what they hold, and the same bytes again."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from PIL import Image

from data.actors import Actor
from data.errors import InvalidValue
from data.store import Store
from gazetteer import FontsMissing
from gazetteer.heritage import add_picture
from gazetteer.heritage.tables import heritage
from gazetteer.tables import place, place_name
from gazetteer.volumes import Notice, atlas_sheet, maps, name_list, name_volume
from ovoo import cli


@pytest.fixture
def written(filled: Store) -> Store:
    with filled.write("tests", "more names") as transaction:
        row = {"name": "=1+1村", "status": "standard", "division_code": "990101"}
        transaction.insert(place, row | {"category_code": "22200", "meaning": "含义甲"})
        name = {"place_id": 1, "text": "前进大队", "language": "zh-Hans", "kind": "former"}
        transaction.insert(place_name, name | {"status": "standard"})
        mongolian = {"place_id": 1, "text": "ᠪᠠᠶᠠᠨ", "language": "mn-Mong-CN", "kind": "local"}
        transaction.insert(place_name, mongolian | {"status": "standard"})
    return filled


def test_the_list_as_a_workbook(written: Store) -> None:
    content = name_list(written, "东旗", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][1] == "标准名称"
    assert {row[1] for row in rows[1:]} == {"白音敖包", "'=1+1村"}
    assert "ᠪᠠᠶᠠᠨ" in {cell for row in rows for cell in row}
    assert all(
        cell.data_type == "s" for row in sheet.iter_rows(min_row=3) for cell in row if cell.value
    )
    assert name_list(written, "990101", "xlsx") == content


def test_the_list_as_a_document(written: Store) -> None:
    content = name_list(written, "990100", "docx")
    (table,) = docx.Document(io.BytesIO(content)).tables
    assert {row.cells[1].text for row in table.rows} >= {"白音敖包", "巴彦淖尔"}
    assert name_list(written, "990100", "docx") == content


def test_the_book_has_entries_a_map_and_both_indexes(written: Store) -> None:
    content = name_volume(written, "990100")
    document = docx.Document(io.BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in ("概述", "东旗", "白音敖包　Bayan Oboo", "曾用名：前进大队", "含义：含义甲"):
        assert part in text
    assert "音序索引" in text
    assert "B：" in text
    assert "4画：巴彦淖尔" in text
    assert "5画：白音敖包" in text
    assert len(document.inline_shapes) == 1
    assert name_volume(written, "990100") == content


def test_the_book_has_the_pictures_of_listed_names(written: Store) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG")
    with written.write("tests", "a listed name and a candidate") as transaction:
        rows = [
            {"place_id": place_id, "name": name, "division_code": "990101", "state": state}
            | {
                "list_level": "旗县级",
                "category": "street",
                "first_record": "碑",
                "first_record_source": "碑",
            }
            for place_id, name, state in ((1, "白音敖包", "listed"), (2, "巴彦淖尔", "candidate"))
        ]
        identities = [transaction.insert(heritage, row) for row in rows]
    for identity in identities:
        add_picture(written, identity, file.getvalue(), "敖包远望", "东旗", Actor.operator("tests"))
    document = docx.Document(io.BytesIO(name_volume(written, "990100")))
    assert len(document.inline_shapes) == 2  # the map, and that of the listed name
    assert [p.text for p in document.paragraphs].count("敖包远望（东旗）") == 1


@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF"), ("svg", b"<?xml"), ("png", b"\x89PNG")]
)
def test_the_sheet_is_the_same_again(written: Store, kind: str, begins: bytes) -> None:
    content = atlas_sheet(written, "990100", kind)
    assert content.startswith(begins)
    assert atlas_sheet(written, "990100", kind) == content
    assert b"<style" not in content  # pages are sent with a policy that lets no style through
    assert b' style="' not in content


def test_a_division_without_a_shape_gets_a_sheet_that_says_so(written: Store) -> None:
    from gazetteer.tables import division

    with written.write("tests", "no shape") as transaction:
        row = {"code": "990103", "name": "无图旗", "level": "county", "parent_code": "990100"}
        transaction.insert(division, row)
    assert atlas_sheet(written, "990103", "png").startswith(b"\x89PNG")


def test_an_unknown_division_is_refused(written: Store) -> None:
    with pytest.raises(InvalidValue, match="no division"):
        name_list(written, "777777", "xlsx")


def test_missing_fonts_get_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maps.fonts.cache_clear()
    monkeypatch.setattr(maps, "_FOLDERS", (str(tmp_path),))
    try:
        with pytest.raises(FontsMissing, match="apt-get install fonts-noto-cjk fonts-noto-core"):
            maps.fonts()
    finally:
        maps.fonts.cache_clear()


def test_a_wide_division_is_drawn_in_albers() -> None:
    assert maps.projection_of((97, 37, 126, 53)).startswith("+proj=aea")


def test_the_files_are_saved_over_http(client: FlaskClient) -> None:
    for address, kind in (
        ("/books/990100/list?f=xlsx", "spreadsheetml"),
        ("/books/990100/list?f=docx", "wordprocessingml"),
        ("/books/990100/volume", "wordprocessingml"),
        ("/atlas/990100?f=svg", "image/svg+xml"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert kind in answer.content_type
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/atlas/777777").status_code == 404
    assert client.get("/atlas/990100?f=gif").status_code == 400


def test_the_commands_write_files(tmp_path: Path, store_url: str) -> None:
    import region

    from data.store import create_store

    with create_store(store_url) as store:
        region.fill(store)
    runner = CliRunner()
    for arguments in (
        ["book", "list", "990100", str(tmp_path / "a.xlsx")],
        ["book", "volume", "990100", str(tmp_path / "a.docx")],
        ["atlas", "990100", str(tmp_path / "a.pdf")],
    ):
        result = runner.invoke(cli, [*arguments, "--store", store_url])
        assert result.exit_code == 0, result.output
        assert Path(arguments[-1]).stat().st_size > 1000
    refused = runner.invoke(cli, ["atlas", "990100", "a.gif", "--store", store_url])
    assert isinstance(refused.exception, InvalidValue)


def test_a_map_says_whose_lines_it_shows(written: Store) -> None:
    plain = atlas_sheet(written, "990100", "svg").decode()
    assert "no reference" in plain
    assert "审图号" not in plain
    official = Notice("自治区行政区域界线详图集", "蒙S(2026)001号")
    shown = atlas_sheet(written, "990100", "svg", official).decode()
    assert "no reference" not in shown
    assert "自治区行政区域界线详图集" in shown
    assert "审图号：蒙S(2026)001号" in shown
    reviewed = atlas_sheet(
        written, "990100", "svg", Notice(review_number="蒙S(2026)002号")
    ).decode()
    assert "no reference" in reviewed
    assert "蒙S(2026)002号" in reviewed
    volume = docx.Document(io.BytesIO(name_volume(written, "990100", None, official)))
    assert official.text in [paragraph.text for paragraph in volume.paragraphs]


def test_the_command_names_the_official_drawing(
    written: Store, store_url: str, tmp_path: Path, client: FlaskClient
) -> None:
    sheet = tmp_path / "图.svg"
    words = ["atlas", "990100", str(sheet), "--store", store_url, "--official", "详图集"]
    done = CliRunner().invoke(cli, words, env={"OVOO_MAP_REVIEW_NUMBER": "蒙S(2026)003号"})
    assert done.exit_code == 0, done.output
    assert "详图集" in sheet.read_text(encoding="utf-8")
    assert "蒙S(2026)003号" in sheet.read_text(encoding="utf-8")
    served = client.get("/atlas/990100?f=svg&official=x")
    assert served.status_code == 400  # only the office itself says so
