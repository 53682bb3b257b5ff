"""A file whose name promises what its bytes are not: its sender is told the true cause."""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from data.errors import InvalidFile
from data.formats import open_table

NOISE = b"".join(sha256(bytes([number])).digest() for number in range(100))
TABLE = "桩号,经度,纬度\n9901001Q,112.0,41.2\n".encode()


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "x" * 500)
        made.writestr("xl/workbook.xml", "y" * 3_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "en", "zh"),
    [
        ("点.xlsx", NOISE, "Excel workbook, but its content is bytes of no kind", "另存为 .xlsx"),
        ("点.XLSX", "这是说明".encode(), "is plain text", "纯文本"),
        ("点.xlsx", b"<html><table></table></html>", "a web page (HTML)", "网页"),
        ("点.xlsx", archive()[:1_500], "cut off or damaged", "不完整或已损坏"),
        ("点.xlsx", bytes(400) + b"a", "bytes of no kind", "无法识别"),
        ("点.gpkg", NOISE, "says a GeoPackage, but", "重新导出为 GeoPackage"),
        ("点.gpkg", archive(), "is a zip file", "zip 压缩文件"),
        ("点.zip", NOISE, "says a zip file, but", "重新压缩为一个 zip"),
        ("点.kmz", b"hello", "is plain text", "直接提交 KML"),
        ("点.csv", NOISE, "it is no text", "不是文本"),
        ("点.xlsx", b"\xd0\xcf\x11\xe0" + NOISE, "locked by a password", "加密的工作簿"),
    ],
)  # fmt: skip
def test_the_true_cause_is_said(
    tmp_path: Path, name: str, content: bytes, en: str, zh: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InvalidFile) as refused, open_table(path, file_name=name):
        pass
    assert en in refused.value.message
    assert zh in refused.value.zh
    assert refused.value.message.startswith(f"{name}: ")
    assert "UTF-16 read" not in refused.value.message


def test_a_table_under_another_name_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(TABLE)
    with open_table(path, file_name="点.xlsx") as table:
        notes = {note.code: note for note in table.notes}
        assert (table.format, len(list(table.rows))) == ("csv", 1)
    assert "plain text; it was read as what it is (csv)" in notes["name-differs"].en
    with open_table(path, file_name="点.csv") as table:
        assert not [note for note in table.notes if note.code == "name-differs"]
