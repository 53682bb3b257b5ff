"""The fourth floor's command: serve."""

import click

from data import OvooError
from web.settings import Settings


def web_commands(cli: click.Group, _load: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(serve)


@click.command()
def serve() -> None:
    """Serve the store over HTTP; see OVOO_STORE, HOST, PORT, OVOO_WORKERS in the README."""
    from web.serve import serve as run

    settings = Settings.from_environment()
    try:
        run(settings, click.echo)
    except OSError as error:
        raise OvooError(str(error)) from error
