"""`ovoo check-text`."""

import json
from pathlib import Path

import docx
import pytest
import real_register
from click.testing import CliRunner

from data.store import create_store
from ovoo import cli

WRONG = "寄往哲里木盟科尔沁区。"


@pytest.fixture
def store(tmp_path: Path) -> str:
    with create_store(str(tmp_path / "store.gpkg")) as made:
        real_register.fill(made)
    return str(tmp_path / "store.gpkg")


def run(*arguments: str, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check-text", *arguments], input=typed)
    return result.exit_code, result.output


def test_wrong_names_end_with_code_4(store: str, tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(WRONG, encoding="utf-8")
    code, output = run(str(path), "--store", store)
    assert code == 4
    assert "错误\t第1行\t哲里木盟科尔沁区 → 通辽市科尔沁区" in output
    assert "1 errors" in output


def test_a_right_text_ends_with_code_0(store: str) -> None:
    code, output = run("-", "--store", store, typed="寄往通辽市科尔沁区。")
    assert code == 0
    assert "2 names: 0 errors" in output


def test_json_is_the_report(store: str) -> None:
    code, output = run("-", "--store", store, "--json", typed=WRONG)
    assert code == 4
    report = json.loads(output)
    assert report["findings"][0]["standard"] == "通辽市科尔沁区"


def test_a_marked_document_is_written(store: str, tmp_path: Path) -> None:
    path, out = tmp_path / "a.docx", tmp_path / "b.docx"
    made = docx.Document()
    made.add_paragraph(WRONG)
    made.save(str(path))
    run(str(path), "--store", store, "--out", str(out), "--lang", "en")
    (comment,) = docx.Document(str(out)).comments
    assert comment.text.startswith("standard: 通辽市科尔沁区")
    page = tmp_path / "b.html"
    run(str(path), "--store", store, "--out", str(page))
    assert "<ins>通辽市科尔沁区</ins>" in page.read_text(encoding="utf-8")


def test_an_output_of_another_format_is_refused(store: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WRONG, encoding="utf-8")
    result = CliRunner().invoke(
        cli, ["check-text", str(path), "--store", store, "--out", str(tmp_path / "b.docx")]
    )
    assert "ends in .txt or .html" in str(result.exception)
