"""`ovoo line`: lines and what belongs to them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from boundary.lines.keeping import read_line
from boundary.lines.reading import (
    LinesQuery,
    apart_findings,
    drafted_course,
    line_page,
    list_lines,
)
from boundary.lines.wording import describe, distance_zh
from data.commands import store_option
from data.deadlines import today
from data.store import open_store

json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


def say(document: Any) -> None:
    """A document as JSON on standard output."""
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@click.group()
def line() -> None:
    """Boundary lines 界线: list, show, draft a course description, check, table of markers."""


@line.command("list")
@store_option
@click.option("--level", help="province, prefecture, county or township.")
@click.option("--state", help="agreed, undetermined or disputed.")
@click.option("--party", help="A division code on any side.")
@click.option("--name", help="Name or code, whole.")
@json_option
def list_command(store: str, as_json: bool, **asked: str | None) -> None:  # noqa: FBT001 - a flag
    """List lines in force."""
    with open_store(store) as opened, opened.read() as connection:
        rows: list[dict[str, Any]] = []
        after = 0
        while found := list_lines(connection, LinesQuery(**asked, after=after)):  # type: ignore[arg-type]
            page = found[:100]
            rows += page
            after = page[-1]["id"]
    if as_json:
        say(rows)
        return
    for row in rows:
        parties = "–".join(filter(None, (row["party_a"], row["party_b"], row["party_c"])))
        length = distance_zh(row["length_m"]) if row["length_m"] else "—"
        said = (row["id"], row["code"] or "—", row["name"], row["level"], parties, length)
        click.echo("\t".join(map(str, (*said, row["state"] or ""))).rstrip())


@line.command("show")
@store_option
@click.argument("line_id", type=int)
def show(store: str, line_id: int) -> None:
    """Show line LINE_ID with all that belongs to it, as JSON."""
    with open_store(store) as opened, opened.read() as connection:
        say(line_page(connection, line_id, opened.crs, today()))


@line.command("course")
@store_option
@click.argument("line_id", type=int)
@json_option
def course(store: str, line_id: int, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """Draft the course description (走向说明) of line LINE_ID from its geometry and markers."""
    with open_store(store) as opened, opened.read() as connection:
        sections = drafted_course(connection, line_id, opened.crs)
    if as_json:
        say([{"from": s.from_marker, "to": s.to_marker, "length_m": s.length_m,
              "direction": s.direction, "course": describe(s)} for s in sections])  # fmt: skip
        return
    for section in sections:
        click.echo(describe(section))


@line.command("check")
@store_option
@click.argument("line_id", type=int)
@json_option
def check(store: str, line_id: int, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """Say what does not fit about the record of line LINE_ID: parties apart, counts, length."""
    with open_store(store) as opened, opened.read() as connection:
        page = line_page(connection, line_id, opened.crs, today())
        record = read_line(connection, line_id)
        apart = [one.as_json() for one in apart_findings(connection, record, opened.crs)]
    found = [*page["checks"], *apart]
    if as_json:
        say(found)
        return
    for one in found:
        click.echo(f"{one['zh']}\n    {one['en']}")
    if not found:
        click.echo("nothing odd 未发现不符")


@line.command("results")
@store_option
@click.argument("line_id", type=int)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--codes", is_flag=True, help="Head columns by the census short codes (XLSX).")
def results(store: str, line_id: int, target: Path, codes: bool) -> None:  # noqa: FBT001 - a flag
    """Write the table of markers (界桩成果表) of line LINE_ID to TARGET, .docx or .xlsx."""
    from boundary.markers import line_results, results_docx, results_xlsx

    with open_store(store) as opened, opened.read() as connection:
        record = read_line(connection, line_id)
        rows = line_results(connection, record["code"], opened.crs)
    check_ending(target)
    if target.suffix == ".docx":
        title = f"{record['name']}{record['section'] or ''}"
        target.write_bytes(results_docx(title, rows, datetime.now(UTC)))
    else:
        target.write_bytes(results_xlsx(rows, codes=codes))
    click.echo(f"{len(rows)} markers written to {target}")


def check_ending(target: Path) -> None:
    """Refuse a file that ends neither in .docx nor in .xlsx."""
    if target.suffix not in {".docx", ".xlsx"}:
        raise click.BadParameter("give a name that ends in .docx or .xlsx", param_hint="TARGET")
