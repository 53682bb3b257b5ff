"""`ovoo risk`: the risk of lines."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from boundary.lines.commands import json_option, say
from boundary.risk.reading import RiskQuery, line_risks, line_shapes, risk_features
from boundary.risk.scoring import FORMULA, GRADES, LineRisk, factors
from data.commands import store_option
from data.deadlines import today
from data.store import open_store

_TARGET = click.Path(dir_okay=False, path_type=Path)
_ENDINGS = (".csv", ".docx", ".geojson")


@click.command()
@store_option
@click.option("--within", help="A division: lines with a party in it.")
@click.option("--level", help="province, prefecture, county or township.")
@click.option("--grade", help="At least so high: high, medium or low.")
@click.option("--report", type=_TARGET, help="A .csv, .docx or .geojson to write.")
@json_option
def risk(
    store: str,
    within: str | None,
    level: str | None,
    grade: str | None,
    report: Path | None,
    as_json: bool,  # noqa: FBT001 - a flag
) -> None:
    """The risk of lines (平安边界): an index from rounds, repairs, disputes, segments, events."""
    if report is not None and report.suffix not in _ENDINGS:
        listed = ", ".join(_ENDINGS)
        raise click.BadParameter(f"give a name that ends in {listed}", param_hint="--report")
    with open_store(store) as opened, opened.read() as connection:
        found = line_risks(connection, RiskQuery(within, level, grade), today())
        if report is not None:
            report.write_bytes(_written(connection, found, report.suffix, within or ""))
    if as_json:
        known = [one.as_json() for one in factors()]
        say({"formula": FORMULA, "factors": known, "lines": [one.as_json() for one in found]})
        return
    click.echo(FORMULA, err=True)
    for one in found:
        click.echo(f"{one.index:5.1f}\t{GRADES[one.grade]}\t{one.line_id}\t{one.name}\t{one.level}")


def _written(connection: Connection, found: list[LineRisk], ending: str, within: str) -> bytes:
    from boundary.risk.report import risk_csv, risk_docx

    if ending == ".csv":
        return risk_csv(found)
    if ending == ".geojson":
        return risk_features(connection, found)
    return risk_docx(found, line_shapes(connection, found), within, datetime.now(UTC))
