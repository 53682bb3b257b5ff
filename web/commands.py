"""The fourth floor's commands: serve, translations."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from data import OvooError
from web.settings import Settings

FAULTY = 4


def web_commands(cli: click.Group, _load: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(serve)
    cli.add_command(translations)


@click.command()
def serve() -> None:
    """Serve the store over HTTP; see OVOO_STORE, HOST, PORT, OVOO_WORKERS in the README."""
    from web.serve import serve as run

    settings = Settings.from_environment()
    try:
        run(settings, click.echo)
    except OSError as error:
        raise OvooError(str(error)) from error


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the catalogues; OVOO_TRANSLATIONS, or else the program's own, by default.",
)
@click.option("--add", "locale", metavar="LOCALE", help="Begin a catalogue, such as mn or mn_Mong.")
@click.option(
    "--update", "bring", is_flag=True, help="Write the template; bring the catalogues up to date."
)
@click.option("--json", "as_json", is_flag=True, help="Answer with JSON.")
def translations(*, folder: Path | None, locale: str | None, bring: bool, as_json: bool) -> None:
    """Count, begin or bring up to date the catalogues of the interface's texts."""
    import orjson

    from web.site import OWN, extraction

    chosen = Settings.from_environment().translations
    folder = folder or (Path(chosen) if chosen else OWN)
    if locale:
        extraction.begin(folder, locale)
    for file in extraction.update(folder) if bring else ():
        click.echo(f"{file}", err=True)
    counts = [extraction.count(file) for file in extraction.files_in(folder)]
    if as_json:
        click.echo(orjson.dumps([asdict(one) for one in counts]).decode())
    else:
        for one in counts:
            click.echo(" · ".join(f"{name} {value}" for name, value in asdict(one).items()))
    if not all(extraction.is_whole(one) for one in counts):
        sys.exit(FAULTY)
