"""The command line: each floor's commands, joined."""

import sys

import click

from boundary.commands import boundary_commands
from data.commands import data_commands
from data.errors import FaultsFound, OvooError
from data.program_version import program_version
from gazetteer.commands import gazetteer_commands
from web.commands import web_commands

USAGE_ERROR, REFUSED, FAULTS = 2, 3, 4
"""Exit codes: wrong usage; the program refused with a sentence; the file has faults."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(program_version(), prog_name="ovoo")
def cli() -> None:
    """Ovoo 敖包: place names, boundaries and boundary markers of a region."""


@cli.group()
def load() -> None:
    """Load your own names, divisions, lines or markers from a file."""


for _commands in (data_commands, gazetteer_commands, boundary_commands, web_commands):
    _commands(cli, load)


def main() -> None:
    """Run a command; every refusal is a sentence on standard error, never a traceback."""
    try:
        code = cli(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except FaultsFound as error:
        for fault in error.faults:
            click.echo(fault.sentence(), err=True)
            click.echo(f"    {fault.sentence('zh')}", err=True)
        click.echo(f"{error.message} {error.zh}", err=True)
        sys.exit(FAULTS)
    except OvooError as error:
        click.echo(error.message, err=True)
        if error.zh != error.message:
            click.echo(error.zh, err=True)
        sys.exit(REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; nothing half-written", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
