"""`ovoo division`: codes through time, and events previewed and applied."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.errors import InvalidFile
from data.progress import bar
from data.reference import cited
from data.store import Store, open_store
from gazetteer.divisions.applying import Preview, apply_event, preview_event
from gazetteer.divisions.concluding import history_table, read_editions, spans_of
from gazetteer.divisions.history import divisions_on, find_code
from gazetteer.divisions.listing import EventsQuery, list_events
from gazetteer.divisions.loading import load_past
from gazetteer.divisions.parsing import parse_event
from gazetteer.divisions.settling import settle_event
from gazetteer.divisions.showing import history_json, preview_json
from gazetteer.divisions.values import DivisionEvent
from gazetteer.following import make_countable, make_searchable

_FAULTY = 4
_DAY = click.DateTime(["%Y-%m-%d"])
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")


@click.group()
def division() -> None:
    """Divisions in time 行政区划变更: any code on any day, events and their effects."""


@division.command()
@store_option
@click.argument("code")
@click.option("--as-of", type=_DAY, help="The state on that day.")
@_as_json
def show(store: str, code: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001
    """What CODE was, on a day or ever, and what it is called today."""
    day = as_of.date() if as_of else None
    with open_store(store) as opened, opened.read() as connection:
        found = history_json(find_code(connection, code), day)
    if as_json:
        _print_json(found)
        return
    if day is not None:
        click.echo(f"{day}\t{_state_text(found['state'])}")
    for state in found["states"]:
        span = f"{state['valid_from'] or '…'} – {state['valid_to'] or '今 today'}"
        click.echo(f"{span}\t{_state_text(state)}")
    for title, name in (("前身 from", "predecessors"), ("今为 today", "successors")):
        if found[name]:
            told = "、".join(f"{one['code']} {one['name']}" for one in found[name])
            click.echo(f"{title}\t{told}")
    for link in (*found["before"], *found["after"]):
        click.echo(_link_text(link))


def _state_text(state: dict[str, Any] | None) -> str:
    if state is None:
        return "当日无此区划 not in force on that day"
    seat = f"\t驻地 {state['seat']}" if state["seat"] else ""
    return f"{state['code']} {state['name']}\t{state['level']}\t{state['parent_code'] or ''}{seat}"


def _link_text(link: dict[str, Any]) -> str:
    before = f"{link['old_code'] or '—'} {link['old_name'] or ''}".strip()
    after = f"{link['new_code'] or '—'} {link['new_name'] or ''}".strip()
    document = f"\t{link['document']}" if link["document"] else ""
    return f"{link['effective_on']}\t{link['kind']}\t{before} → {after}{document}"


@division.command()
@store_option
@click.option("--code", help="Only events in which this code takes part.")
@click.option("--since", type=_DAY, help="Only events from that day on.")
@click.option("--until", type=_DAY, help="Only events up to that day.")
@click.option("--overdue", is_flag=True, help="Only events with a period that has run out.")
@click.option("--limit", default=50, show_default=True)
@_as_json
def events(
    store: str,
    code: str | None,
    since: datetime | None,
    until: datetime | None,
    overdue: bool,  # noqa: FBT001 - a command's flag
    limit: int,
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """The events of the register, newest first, with their periods (Order 704, Art 15 and 17)."""
    asked = EventsQuery(
        limit=max(limit, 1),
        code=code,
        since=since.date() if since else None,
        until=until.date() if until else None,
        overdue=overdue,
    )
    with open_store(store) as opened, opened.read() as connection:
        listed = list_events(connection, asked, today()).events
    if as_json:
        _print_json(list(listed))
        return
    for event in listed:
        head = f"{event['id']}\t{event['effective_on']}\t{event['kind']}\t{event['document'] or ''}"
        click.echo(head)
        for line in event["changes"]:
            click.echo(f"    {_link_text(line | {'effective_on': '', 'document': None}).strip()}")
        for clock in event["deadlines"]:
            state = "逾期 overdue" if clock["overdue"] else (clock["done_on"] or "")
            article = cited(clock["article"], "zh")
            click.echo(f"    {article} {clock['zh']} {clock['due_on']} {state}".rstrip())
    if not listed:
        click.echo("没有变更事件 no event", err=True)


def _event_options(command: Any) -> Any:
    """FILE, or the event as options."""
    options = (
        click.argument(
            "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
        ),
        click.option("--kind", help="The kind of event, where there is no FILE."),
        click.option("--on", "effective_on", help="The day it takes effect."),
        click.option("--approved-on", help="The day of its approval."),
        click.option("--document", help="Its document 文号."),
        click.option("--authority", help="Who approved it."),
        click.option("--below", help="named, same-ending or keep-codes."),
        click.option(
            "--change", "changes", multiple=True, metavar="OLD=NEW[,NAME[,PARENT[,LEVEL]]]",
            help="One line; OLD or NEW may be empty.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@division.command()
@store_option
@_event_options
@_as_json
def preview(store: str, file: Path | None, as_json: bool, **given: Any) -> None:  # noqa: FBT001
    """What an event would do; nothing is written. Exit code 4 where it cannot be applied."""
    event = _event_of(file, given)
    with open_store(store) as opened, opened.read() as connection:
        seen = preview_event(connection, event, today())
    _show_preview(seen, as_json=as_json)
    if seen.plan.faults:
        sys.exit(_FAULTY)


@division.command()
@store_option
@_event_options
@_actor
@click.option("--yes", is_flag=True, help="Apply without asking.")
def apply(store: str, file: Path | None, actor: str, yes: bool, **given: Any) -> None:  # noqa: FBT001
    """Show what an event does, ask, and apply it in one transaction."""
    event = _event_of(file, given)
    with open_store(store) as opened:
        with opened.read() as connection:
            seen = preview_event(connection, event, today())
        _show_preview(seen, as_json=False)
        if seen.plan.faults:
            sys.exit(_FAULTY)
        if not yes:
            click.confirm("应用此变更？ Apply this event?", abort=True)
        identity = _apply(opened, Actor.operator(actor), event, seen.basis)
    click.echo(f"事件 {identity} 已登记 event {identity} applied")


def _apply(store: Store, actor: Actor, event: DivisionEvent, basis: str) -> int:
    with bar("division event") as progress:
        progress("division event", 0, 0)
        identity = apply_event(store, actor, event, basis, today())
        progress("text index", 0, 0)
        make_searchable(store)
        make_countable(store)
    return identity


def _event_of(file: Path | None, given: dict[str, Any]) -> DivisionEvent:
    if file is not None:
        try:
            return parse_event(json.loads(file.read_text(encoding="utf-8-sig")))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise InvalidFile(
                f"{file.name} is no JSON ({error}); write one event as a JSON object in UTF-8",
                f"{file.name} 不是有效的 JSON（{error}）；请以 UTF-8 JSON 对象书写一个变更事件",
            ) from error
    document = {name: value for name, value in given.items() if value and name != "changes"}
    return parse_event(document | {"changes": [_change_of(one) for one in given["changes"]]})


def _change_of(text: str) -> dict[str, Any]:
    old, _, rest = text.partition("=")
    fields = dict(zip(("code", "name", "parent_code", "level"), rest.split(","), strict=False))
    new = {name: value for name, value in fields.items() if value}
    return {"old": old or None, "new": new or None}


def _show_preview(seen: Preview, *, as_json: bool) -> None:
    found = preview_json(seen, today())
    if as_json:
        _print_json(found)
        return
    for line in found["divisions"]:
        told = [
            f"{one['code']} {one['name']} ({one['parent_code'] or '—'})" if one else "—"
            for one in (line["old"], line["new"])
        ]
        mark = " *" if line["follows"] else ""
        click.echo(f"{line['kind']}\t{told[0]} → {told[1]}{mark}")
    for move in found["names"]:
        click.echo(f"地名 names\t{move['old_code']} → {move['to'] or '?'}\t{move['count']}")
    for own in found["own_names"]:
        click.echo(f"自身地名 own place\t{own['code']}\t{own['old']} → {own['new']}")
    for one in (*found["faults"], *found["notes"]):
        where = f"[{one['change']}] " if one["change"] else ""
        click.echo(f"{where}{one['code']}: {one['zh']} — {one['en']}", err=True)


@division.command()
@store_option
@click.argument("event_id", type=int)
@click.option("--version", type=int, required=True, help="The version that was seen.")
@click.option("--completed-on", type=_DAY, help="The change was carried out on that day.")
@click.option("--codes-published-on", type=_DAY, help="The codes were published on that day.")
@click.option("--extended", is_flag=True, help="The authority granted the extension of Art 15.")
@_actor
def settle(
    store: str,
    event_id: int,
    version: int,
    completed_on: datetime | None,
    codes_published_on: datetime | None,
    extended: bool,  # noqa: FBT001 - a command's flag
    actor: str,
) -> None:
    """Record what was done after an event."""
    done: dict[str, Any] = {"extended": True} if extended else {}
    if completed_on:
        done["completed_on"] = completed_on.date()
    if codes_published_on:
        done["codes_published_on"] = codes_published_on.date()
    with open_store(store) as opened:
        found = settle_event(opened, Actor.operator(actor), event_id, version, done, today())
    click.echo(f"事件 {event_id} 版本 {found} event {event_id} is at version {found}")


@division.command("list")
@store_option
@click.option("--as-of", type=_DAY, help="On that day; else today.")
@_as_json
def list_command(store: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001
    """List every division of the region on a day."""
    with open_store(store) as opened, opened.read() as connection:
        found = divisions_on(connection, as_of.date() if as_of else today())
    if as_json:
        _print_json(found)
        return
    for one in found:
        click.echo(f"{one['code']}\t{one['name']}\t{one['level']}\t{one['parent_code'] or ''}")


@division.command()
@click.argument("editions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", help="Tell what this code was in each edition, and what it is in the last.")
@_as_json
def conclude(editions: Path, code: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Conclude past changes from EDITIONS of a code list, as the table `division_history`."""
    history = read_editions(editions)
    if code is None:
        click.echo(history_table(history), nl=False)
        return
    spans = spans_of(history, code)
    if as_json:
        _print_json([span.as_json() for span in spans])
        return
    for span in spans:
        found = span.successor
        now = f"{found.code} {found.name}" if found.code else "—"
        click.echo(f"{span.first} – {span.last}\t{code} {span.name}\t→ {now}\t{found.how}")
        for other, name in found.candidates:
            click.echo(f"\t? {other} {name}")


@division.command("load-past")
@store_option
@_actor
def load_past_command(store: str, actor: str) -> None:
    """Write the past changes of the code table `division_history` into the store."""
    with open_store(store) as opened:
        with opened.write(actor, "load the past changes of divisions") as transaction:
            loaded = load_past(transaction)
        make_searchable(opened)
    click.echo(
        f"{loaded.events} events, {loaded.states} former states,"
        f" {loaded.begun} divisions with a beginning"
    )


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
