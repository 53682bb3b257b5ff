"""`ovoo where`: which divisions a position lies in, or every position of a table."""

import json
import math
from datetime import datetime
from pathlib import Path

import click

from data.annotating import AnnotateOptions
from data.commands import store_option
from data.formats import parse_overrides
from data.progress import bar
from data.store import open_store
from data.table_options import TABLE, table_options, written_beside
from gazetteer.where.engine import parse_position
from gazetteer.where.engine import where as find
from gazetteer.where.table import PlaceOptions, place_table
from gazetteer.where.values import Whereabouts

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(context_settings={"ignore_unknown_options": True})
@store_option
@click.argument("lon", required=False)
@click.argument("lat", required=False)
@click.option("--file", "table", type=TABLE, help="A table of positions, to be answered whole.")
@click.option("--as-of", type=_DAY, help="The divisions of that day.")
@click.option("--uncertainty", type=float, help="How far edges may be from the true ones, metres.")
@click.option("--limit", default=5, show_default=True, help="How many of the nearest names.")
@click.option("--radius", type=float, help="How far they may be, metres.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@table_options
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def where(
    store: str,
    lon: str | None,
    lat: str | None,
    table: Path | None,
    as_of: datetime | None,
    uncertainty: float | None,
    limit: int,
    radius: float | None,
    lang: str,
    out: Path | None,
    maps: tuple[str, ...],
    layer: str | None,
    crs: str | None,
    replace: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Tell which divisions LON LAT lies in, or every position of --file TABLE.

    A position nearer to an edge than the edge is sure is put on neither side.
    """
    day = as_of.date() if as_of else None
    if table is not None:
        place = PlaceOptions(day, uncertainty, lang)
        options = AnnotateOptions(parse_overrides(maps), layer, crs, replace)
        _place(store, table, out or written_beside(table, "placed"), place, options)
        return
    if lon is None or lat is None:
        raise click.UsageError("give LON LAT, or --file TABLE")
    with open_store(store) as opened:
        found = find(
            opened,
            *parse_position(lon, lat),
            as_of=day,
            edge_uncertainty_m=uncertainty,
            names=limit,
            reach_m=math.inf if radius is None else radius,
        )
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        _show(found, lang)


def _place(
    store: str, table: Path, out: Path, place: PlaceOptions, options: AnnotateOptions
) -> None:
    with open_store(store) as opened, bar(table.name) as progress:
        rows = place_table(
            opened, table, out, place, options, lambda done: progress(table.name, done, 0)
        )
    click.echo(f"{rows} rows placed: {out}")


def _show(found: Whereabouts, lang: str) -> None:
    click.echo(found.sentence(lang))
    if found.edge:
        click.echo(found.edge.sentence(lang))
    for one in found.nearest:
        away = f"{one.distance_m / 1000:.1f} km" if one.distance_m >= 1000 else None  # noqa: PLR2004
        click.echo(f"{one.name}\t{away or f'{one.distance_m:.0f} m'}\t{one.bearing_deg:.0f}°")
