"""docs/formats.md says what the program does: fields, limits and fault codes are compared."""

import re
from pathlib import Path

import pytest

from data.formats import FORMATS, LOAD_LIMITS, RECORDS, UPLOAD_LIMITS, Field, Limits, fields_of

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "data" / "formats"
SHOWN = 4


def line_of(field: Field) -> str:
    """The field's line in the document; its longer lists are in the table itself."""
    spellings = [
        ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        for names in (field.zh, field.en)
    ]
    return f"| `{field.name}` | {field.required} | {' | '.join(spellings)} | {field.short_code} |"


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_stands_in_the_document(record: str) -> None:
    section = DOCUMENT.split(f"### {record}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    assert lines == [line_of(field) for field in fields_of(record)]


def test_every_fault_code_is_explained() -> None:
    code = re.compile(r'(?:note|Fault)\(\s*"([a-z-]+)"')
    used = {
        found for path in PACKAGE.glob("*.py") for found in code.findall(path.read_text("utf-8"))
    }
    explained = set(
        re.findall(r"^\| `([a-z-]+)` \| (?:note|row|columns) \|", DOCUMENT, re.MULTILINE)
    )
    assert explained == used | {"unknown-field", "unknown-column", "off-the-earth"}


def test_every_format_is_named() -> None:
    for name in FORMATS:
        assert f"`{name}`" in DOCUMENT


@pytest.mark.parametrize(
    ("row", "upload", "load"),
    [
        ("file", "50 MiB", "2,048 MiB"),
        ("rows", "50,000", "5,000,000"),
        ("columns", "256", "1,024"),
        ("characters of a cell", "32,767", "1,000,000"),
        ("files in a zip", "1,000", "10,000"),
        ("unpacked", "200 MiB", "8,192 MiB"),
        ("memory of the reader", "384 MiB", "440 MiB"),
        ("processor time", "30 s", "900 s"),
        ("waiting time", "60 s", "1,800 s"),
    ],
)
def test_the_limits_are_those_of_the_program(row: str, upload: str, load: str) -> None:
    assert f"| {row} | {upload} | {load} |" in DOCUMENT
    assert _shown(row, UPLOAD_LIMITS) == upload
    assert _shown(row, LOAD_LIMITS) == load


def _shown(row: str, limits: Limits) -> str:
    mib = 1024 * 1024
    return {
        "file": f"{limits.max_file_bytes // mib:,} MiB",
        "rows": f"{limits.max_rows:,}",
        "columns": f"{limits.max_columns:,}",
        "characters of a cell": f"{limits.max_cell_chars:,}",
        "files in a zip": f"{limits.max_members:,}",
        "unpacked": f"{limits.max_unpacked_bytes // mib:,} MiB",
        "memory of the reader": f"{limits.memory_bytes // mib:,} MiB",
        "processor time": f"{limits.cpu_seconds:,} s",
        "waiting time": f"{limits.wall_seconds:,} s",
    }[row]
