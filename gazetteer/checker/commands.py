"""`ovoo check-text`: whether a document uses standard names."""

import json
import sys
from pathlib import Path

import click

from data.commands import store_option
from data.errors import InvalidValue
from data.formats import LOAD_LIMITS, MARKED_FORMATS
from data.progress import bar
from data.store import open_store
from gazetteer.checker.documents import CheckedDocument, check_document, check_pasted
from gazetteer.checker.showing import marked_copy, marked_page

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_OUT = click.Path(dir_okay=False, path_type=Path)
_PAGES = (".html", ".htm")
_ERRORS_FOUND = 4
_LEVELS = {"error": "错误", "doubt": "存疑", "note": "提示"}


@click.command("check-text")
@store_option
@click.argument("file", type=_FILE)
@click.option("--out", type=_OUT, help="Write the marked document (DOCX, XLSX) or a page (HTML).")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check_text(store: str, file: Path, out: Path | None, lang: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """Find the place names in FILE (TXT, DOCX, XLSX, PDF; - for typed text) and mark wrong ones.

    Exit code 4 where a name must be changed.
    """
    with open_store(store) as opened, bar(f"check {file.name}"):
        if str(file) == "-":
            checked = check_pasted(opened, sys.stdin.read(), LOAD_LIMITS)
        else:
            checked = check_document(opened, file, limits=LOAD_LIMITS)
        if out:
            out.write_bytes(_written(checked, file, out, lang))
    report = checked.as_json()
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report, lang)
    if report["errors"]:
        sys.exit(_ERRORS_FOUND)


def _written(checked: CheckedDocument, file: Path, out: Path, lang: str) -> bytes:
    """The marked copy in the format that the name of the output asks for."""
    if out.suffix.lower() in _PAGES:
        return marked_page(checked, lang).encode()
    if checked.document.format not in MARKED_FORMATS or out.suffix[1:] != checked.document.format:
        raise InvalidValue(
            "--out", out.name, "a DOCX is marked as .docx, an XLSX as .xlsx, any text as .html",
            f"give a name that ends in .{checked.document.format} or .html",
            "DOCX 输出为 .docx，XLSX 输出为 .xlsx，其他文件输出为 .html",
        )  # fmt: skip
    return marked_copy(checked, file, lang, LOAD_LIMITS)


def _print(report: dict[str, object], lang: str) -> None:
    findings = report["findings"]
    for one in findings if isinstance(findings, list) else []:
        level = _LEVELS[one["level"]] if lang == "zh" else one["level"]
        standard = one["standard"] or "—"
        click.echo(f"{level}\t{one[f'place_{lang}']}\t{one['text']} → {standard}\t{one[lang]}")
    ignored = report["external_references_ignored"]
    told = (
        f"{report['characters']} characters, {report['mentions']} names:"
        f" {report['errors']} errors, {report['doubts']} doubts, {report['notes_told']} notes"
    )
    click.echo(told, err=True)
    if ignored:
        click.echo(f"{ignored} references to the outside were ignored 已忽略外部引用", err=True)
