"""`ovoo inspect`, `ovoo confirm`: a surveyor's file on the command line."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click
import orjson

from boundary.assessment import RegisteredMarker
from boundary.inspecting import inspect_file as inspect_in_store
from boundary.inspecting import judge_rows_alone, read_rows
from boundary.markers.loading import markers_loader
from boundary.picture_lines import lines_around
from boundary.pictures import batch_picture
from boundary.pictures.canvas import Language, format_of
from boundary.register import read_register
from boundary.submissions import commit as commit_submission
from boundary.submissions import (
    confirm_cause,
    confirm_corrections,
    name_columns,
    preview,
    receive,
    withdraw_corrections,
)
from boundary.verdict_table import verdict_table
from data import deadlines
from data.commands import store_option
from data.coordinates import DatumParameters, operator_parameters, read_parameter_files
from data.errors import Fault, FaultsFound, InvalidValue, StoreError
from data.formats import parse_overrides
from data.loading import LoadOptions, load_file
from data.received import REFUSED
from data.store import create_store, open_store
from data.work_folders import work_folder

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
_lang = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.command()
@store_option
@click.argument("file", type=_FILE)
@click.option("--register", help="Another store, or a file of markers, to judge by.")
@click.option(
    "--register-crs", default="EPSG:4490", show_default=True, help="The system of such a file."
)
@click.option("--commit", is_flag=True, help="Store the file and turn it into inspections.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the vectors to this .svg or .png.",
)
@click.option(
    "--datum-parameters",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="A file or folder of datum parameters; repeatable. Else OVOO_DATUM_PARAMETERS.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Name a column; '-' leaves it unread; repeatable.",
)
@_actor
@_lang
@_json
def inspect(
    store: str,
    file: Path,
    register: str | None,
    register_crs: str,
    commit: bool,  # noqa: FBT001 - a command's flag
    plot: Path | None,
    datum_parameters: tuple[Path, ...],
    maps: tuple[str, ...],
    actor: str,
    lang: str,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Check an inspection FILE against the register; nothing is stored without --commit."""
    picture_format = format_of(plot)
    if commit and (register is not None or datum_parameters):
        raise click.UsageError("--commit goes to the store, by its own register and parameters")
    parameters = read_parameter_files(datum_parameters) or operator_parameters()
    overrides = parse_overrides(maps)
    lines: list[list[tuple[float, float]]] = []
    if register is not None and not _is_store(register):
        report = _by_file(file, Path(register), register_crs, parameters, overrides)
    elif commit:
        report, lines = _committed(store, file, actor, overrides)
    else:
        report, lines = _by_store(register or store, file, parameters, overrides)
    if plot is not None and picture_format is not None:
        language = cast("Language", lang)
        plot.write_bytes(
            batch_picture(report, picture_format, title=file.name, language=language, lines=lines)
        )
    _say(report, lang, as_json=as_json)


def _is_store(register: str) -> bool:
    if "://" in register:
        return True
    if Path(register).suffix.lower() != ".gpkg":
        return False
    try:
        open_store(register).close()
    except StoreError:
        return False
    return True


def _by_file(
    file: Path,
    register: Path,
    crs: str,
    parameters: Sequence[DatumParameters],
    overrides: Mapping[str, str],
) -> dict[str, Any]:
    """By a file of markers alone; its faults are told like those of a load."""
    with _markers_of(register, crs) as markers:
        today = deadlines.today()
        rows = read_rows(file, file.name, overrides=overrides)
        return judge_rows_alone(markers, crs, rows, today, parameters=parameters).report()


@contextmanager
def _markers_of(register: Path, crs: str) -> Iterator[list[RegisteredMarker]]:
    """The markers of a file, read as a load reads them, in a store that is thrown away."""
    if not register.is_file():
        raise InvalidValue(
            "register", str(register), "there is neither a store nor a file", "check the path",
            f"找不到登记簿“{register}”",
        )  # fmt: skip
    with (
        work_folder("register") as folder,
        create_store(str(folder / "register.gpkg"), crs) as made,
    ):
        load_file(made, markers_loader(), register, "command line", LoadOptions())
        with made.read() as connection:
            yield read_register(connection)


_Seen = tuple[dict[str, Any], list[list[tuple[float, float]]]]


def _by_store(
    address: str,
    file: Path,
    parameters: Sequence[DatumParameters],
    overrides: Mapping[str, str],
) -> _Seen:
    today = deadlines.today()
    with open_store(address) as opened, opened.read() as connection:
        report = inspect_in_store(
            connection, opened.crs, file, file.name, today,
            parameters=parameters, overrides=overrides,
        ).report()  # fmt: skip
        return report, lines_around(connection, report)


def _committed(address: str, file: Path, actor: str, overrides: Mapping[str, str]) -> _Seen:
    with open_store(address) as opened:
        identity = receive(opened, file.read_bytes(), file.name, actor)
        if overrides:
            name_columns(opened, identity, overrides, actor)
        report = preview(opened, identity)
        if report["state"] == REFUSED:
            raise FaultsFound([Fault(**fault) for fault in report["faults"]])
        report = commit_submission(opened, identity, actor)
        with opened.read() as connection:
            return report, lines_around(connection, report)


def _say(report: dict[str, Any], lang: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(verdict_table(report, lang))


@click.command()
@store_option
@click.argument("submission_id", type=int)
@click.option("--row", "rows", type=int, multiple=True, help="A row with a proposal; repeatable.")
@click.option("--cause", help="A cause that the report finds, such as beijing54.")
@click.option("--withdraw", is_flag=True, help="Take back what was confirmed of these rows.")
@click.option("--reason", default="", help="Why.")
@_actor
@_lang
@_json
def confirm(
    store: str,
    submission_id: int,
    rows: tuple[int, ...],
    cause: str | None,
    withdraw: bool,  # noqa: FBT001 - a command's flag
    reason: str,
    actor: str,
    lang: str,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Confirm proposed corrections (更正) or a found cause of submission SUBMISSION_ID."""
    if bool(rows) == bool(cause) or (withdraw and not rows):
        raise click.UsageError("name rows with --row, or a cause with --cause")
    with open_store(store) as opened:
        if cause:
            report = confirm_cause(opened, submission_id, cause, actor)
        elif withdraw:
            report = withdraw_corrections(opened, submission_id, rows, actor)
        else:
            report = confirm_corrections(opened, submission_id, rows, actor, reason)
    _say(report, lang, as_json=as_json)
