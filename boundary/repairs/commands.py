"""`ovoo repair`: the queue of repairs and what is done about each."""

from datetime import datetime
from typing import Any

import click

from boundary.lines.commands import json_option, say
from boundary.repairs import orders
from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.store import Store, open_store

_DAY = click.DateTime(["%Y-%m-%d"])
_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")


@click.group()
def repair() -> None:
    """Repairs 修复: list the queue, open, assign, record the work, close, cancel, incident."""


@repair.command("list")
@store_option
@click.option("--state", default="unfinished", show_default=True)
@click.option("--division", help="The managing side, or a division around it.")
@click.option("--severity", type=int, help="At least so grave, 1 to 5.")
@click.option("--overdue", is_flag=True, help="Only those past their day.")
@click.option("--limit", default=orders.MOST_REPAIRS, show_default=True)
@json_option
def list_command(store: str, as_json: bool, **asked: Any) -> None:  # noqa: FBT001 - a flag
    """List repairs, the gravest first."""
    with open_store(store) as opened, opened.read() as connection:
        rows = orders.list_repairs(connection, orders.RepairsQuery(**asked), today())
    if as_json:
        say(rows)
        return
    for row in rows:
        late = "逾期 overdue" if row["overdue"] else ""
        said = (row["id"], row["marker_no"], row["reason"], row["severity"], row["state"])
        more = (row["managing_party"] or "—", f"{row['age_days']} d", row["due_on"], late)
        click.echo("\t".join(map(str, (*said, *more))).rstrip())


@repair.command("open")
@store_option
@click.argument("marker_id", type=int)
@click.argument("reason")
@click.option("--note")
@_actor
def open_command(store: str, marker_id: int, reason: str, note: str | None, actor: str) -> None:
    """Open a repair of MARKER_ID; REASON: 损坏, 移位, 丢失 or a code."""
    with open_store(store) as opened:
        who = Actor.operator(actor)
        key = orders.open_order(opened, who, marker_id, reason, today(), note)
    click.echo(f"repair {key} opened")


@repair.command("assign")
@store_option
@click.argument("order_id", type=int)
@click.argument("to")
@click.option("--managing-party", help="Division code of the managing side.")
@_actor
def assign_command(
    store: str, order_id: int, to: str, managing_party: str | None, actor: str
) -> None:
    """Hand repair ORDER_ID to somebody."""
    with open_store(store) as opened:
        version = _version(opened, order_id)
        orders.assign(opened, Actor.operator(actor), order_id, version, to, managing_party)
    click.echo(f"repair {order_id} assigned to {to}")


@repair.command("done")
@store_option
@click.argument("order_id", type=int)
@click.argument("kind")
@click.option("--on", "worked_on", type=_DAY, required=True)
@click.option("--by", "worked_by")
@click.option("--witness", help="Who stood by for the neighbour.")
@click.option("--witness-party", help="The neighbour's division code.")
@click.option("--method", "survey_method")
@click.option("--surveyed-on", type=_DAY)
@click.option("--cost", "cost_yuan", type=float)
@click.option("--note")
@_actor
def done_command(store: str, order_id: int, kind: str, actor: str, **said: Any) -> None:
    """Record the work of repair ORDER_ID; KIND: 修复, 描红, 原址更换, 重新埋设."""
    days: dict[str, Any] = {k: v.date() if isinstance(v, datetime) else v for k, v in said.items()}
    with open_store(store) as opened:
        version = _version(opened, order_id)
        who = Actor.operator(actor)
        orders.restore(opened, who, order_id, version, orders.Work(kind, **days), today())
    click.echo(f"repair {order_id} done; a new inspection verifies it")


@repair.command("close")
@store_option
@click.argument("order_id", type=int)
@_actor
def close_command(store: str, order_id: int, actor: str) -> None:
    """Close repair ORDER_ID by a new inspection."""
    with open_store(store) as opened:
        version = _version(opened, order_id)
        state = orders.close(opened, Actor.operator(actor), order_id, version, today())
    click.echo(f"repair {order_id} is {state}")


@repair.command("cancel")
@store_option
@click.argument("order_id", type=int)
@click.argument("reason")
@_actor
def cancel_command(store: str, order_id: int, reason: str, actor: str) -> None:
    """Cancel repair ORDER_ID with a REASON."""
    with open_store(store) as opened:
        version = _version(opened, order_id)
        orders.cancel(opened, Actor.operator(actor), order_id, version, reason)
    click.echo(f"repair {order_id} cancelled")


@repair.command("incident")
@store_option
@click.argument("order_id", type=int)
@click.option("--cause")
@click.option("--liable", help="Who is liable.")
@click.option("--cost", "cost_yuan", type=float)
@click.option("--fine", "fine_yuan", type=float, help="At most 1,000 yuan (Order 353, Art 17).")
@click.option("--document", "fine_document")
@_actor
def incident_command(store: str, order_id: int, actor: str, **said: Any) -> None:
    """Record cause, liable person, cost and fine of repair ORDER_ID."""
    with open_store(store) as opened:
        version = _version(opened, order_id)
        orders.record_incident(opened, Actor.operator(actor), order_id, version, said)
    click.echo(f"incident of repair {order_id} recorded")


def _version(opened: Store, order_id: int) -> int:
    with opened.read() as connection:
        return int(orders.read_repair(connection, order_id)["version"])
