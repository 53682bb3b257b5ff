"""The ground floor's commands for accounts: `ovoo user …` and `ovoo token …`.

Whoever runs them holds the store's file or database, and acts as its operator.
"""

import getpass
import json
from datetime import UTC, datetime, timedelta

import click

from data.accounts.grants import parse_grant
from data.actors import Actor
from data.store import Store, open_store

_store = click.option(
    "--store", envvar="OVOO_STORE", default="var/ovoo.gpkg", show_default=True, help="The store."
)
_roles = click.option(
    "--role",
    "grants",
    multiple=True,
    help="ROLE or ROLE@DIVISION, such as editor@152500; may be given several times.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group()
def user() -> None:
    """Open, close and list the accounts of people who sign in."""


@click.group()
def token() -> None:
    """Issue, list and revoke tokens of programs."""


def _operator() -> Actor:
    return Actor.operator(f"operator {getpass.getuser()}")


def _now() -> datetime:
    return datetime.now(UTC)


@user.command("add")
@_store
@_roles
@click.option("--display-name", help="The person or office.")
@click.argument("name")
def add(store: str, grants: tuple[str, ...], display_name: str | None, name: str) -> None:
    """Open the account NAME and print its one-time link's last part, good for a day."""
    from data import accounts

    granted = [parse_grant(text) for text in grants]
    with open_store(store) as opened:
        _, secret = accounts.open_account(opened, _operator(), name, granted, _now(), display_name)
    click.echo(f"/welcome/{secret}")


@user.command("list")
@_store
@_json
def list_users(store: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """List every account with its roles."""
    from data import accounts

    with open_store(store) as opened, opened.read() as connection:
        found = [one.as_json() for one in accounts.read_accounts(connection)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        granted = " ".join(
            f"{grant['role']}@{grant['division_code']}" if grant["division_code"] else grant["role"]
            for grant in one["grants"]
        )
        click.echo(f"{one['name']}\t{'closed' if one['closed'] else 'open'}\t{granted}")


@user.command("roles")
@_store
@_roles
@click.argument("name")
def roles(store: str, grants: tuple[str, ...], name: str) -> None:
    """Say anew what the account NAME may do where."""
    from data import accounts

    granted = [parse_grant(text) for text in grants]
    with open_store(store) as opened:
        accounts.set_grants(opened, _operator(), _id(opened, name), granted)


@user.command("link")
@_store
@click.argument("name")
def link(store: str, name: str) -> None:
    """Print a new one-time link's last part for the account NAME; its sessions end."""
    from data import accounts

    with open_store(store) as opened:
        secret = accounts.invite(opened, _operator(), _id(opened, name), _now())
    click.echo(f"/welcome/{secret}")


@user.command("close")
@_store
@click.argument("name")
def close(store: str, name: str) -> None:
    """Close the account NAME: its sessions and tokens end."""
    from data import accounts

    with open_store(store) as opened:
        accounts.close_account(opened, _operator(), _id(opened, name))


def _id(opened: Store, name: str) -> int:
    from data import accounts

    with opened.read() as connection:
        return accounts.find_account(connection, name).id


@token.command("add")
@_store
@click.option("--scope", "scopes", multiple=True, required=True, help="A role that it may use.")
@click.option("--days", default=90, show_default=True, help="How long it is good.")
@click.argument("name")
@click.argument("label")
def add_token(store: str, scopes: tuple[str, ...], days: int, name: str, label: str) -> None:
    """Issue a token of the account NAME, for the use that LABEL says; it is shown this once."""
    from data import accounts

    wanted = [parse_grant(text).role for text in scopes]
    with open_store(store) as opened:
        click.echo(accounts.issue_token(opened, name, label, wanted, timedelta(days=days), _now()))


@token.command("list")
@_store
@_json
@click.argument("name")
def list_tokens(store: str, as_json: bool, name: str) -> None:  # noqa: FBT001 - a command's flag
    """List the tokens of the account NAME, without their secrets."""
    from data import accounts

    with open_store(store) as opened, opened.read() as connection:
        owner = accounts.find_account(connection, name)
        found = [one.as_json() for one in accounts.read_tokens(connection, owner.id)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        state = "revoked" if one["revoked_at"] else f"until {one['expires_at'][:10]}"
        click.echo(f"{one['id']}\t{one['label']}\t{' '.join(one['scopes'])}\t{state}")


@token.command("revoke")
@_store
@click.argument("identity", type=int)
def revoke(store: str, identity: int) -> None:
    """End the token IDENTITY (from `ovoo token list`)."""
    from data import accounts

    with open_store(store) as opened:
        accounts.revoke_token(opened, _operator(), identity)
