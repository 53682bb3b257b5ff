"""The command line: each floor's commands, joined as far up as a command reaches."""

import sys
from importlib import import_module
from typing import Final

import click

from data.errors import FaultsFound, OvooError
from data.program_version import program_version

USAGE_ERROR, REFUSED, FAULTS = 2, 3, 4
"""Exit codes: wrong usage; the program refused with a sentence; the file has faults."""
_FLOORS: Final = ("data", "gazetteer", "boundary", "web")
_ONLY_NAMES: Final = frozenset(
    {
        *("check-name", "check-text", "duplicates", "export", "lookup"),
        *("match", "search", "statistics", "where"),
    }
)
"""Commands that read names and divisions and no more."""
_DOOR: Final = frozenset({"serve", "translations"})
"""Commands of the web floor."""


class Floors(click.Group):
    """The commands of all floors; a floor is loaded when a command that reaches to it is asked for.

    Who writes, proves or moves a store must know every table of the program and what follows each
    write, and so has the boundary floor loaded whatever it is about.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, with the floors that it reaches to."""
        if cmd_name in _ONLY_NAMES:
            self.join("data", "gazetteer")
        elif cmd_name not in _DOOR:
            self.join("data", "gazetteer", "boundary")
        else:
            self.join()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        self.join()
        return super().list_commands(ctx)

    def join(self, *floors: str) -> None:
        """Add the commands of these floors, or of all."""
        for floor in floors or _FLOORS:
            getattr(import_module(f"{floor}.commands"), f"{floor}_commands")(self, load)


@click.group(cls=Floors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(program_version(), prog_name="ovoo")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Ovoo 敖包: place names, boundaries and boundary markers of a region."""
    ctx.obj = cli.join


@click.group()
def load() -> None:
    """Load your own names, divisions, lines or markers from a file."""


cli.add_command(load)


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
