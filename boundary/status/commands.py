"""`ovoo judge`: what markers are, from all their evidence."""

import click

from boundary.lines.commands import json_option, say
from boundary.status.keeping import status_of
from boundary.status.rejudging import judge_all
from data.commands import store_option
from data.deadlines import today
from data.progress import bar
from data.reference import load_table
from data.store import open_store


@click.command()
@store_option
@click.argument("marker_id", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Judge every marker again and write it.")
@click.option("--dry-run", is_flag=True, help="With --all: say what would change, write nothing.")
@json_option
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
def judge(
    store: str,
    marker_id: int | None,
    everything: bool,  # noqa: FBT001 - a flag
    dry_run: bool,  # noqa: FBT001 - the same
    as_json: bool,  # noqa: FBT001 - the same
    actor: str,
) -> None:
    """Say what marker MARKER_ID is and by which evidence, or judge all markers again."""
    if everything == (marker_id is not None):
        raise click.UsageError("name one marker, or give --all")
    with open_store(store) as opened:
        if marker_id is not None:
            with opened.read() as connection:
                _say_one(status_of(connection, marker_id).as_json(), as_json=as_json)
            return
        with bar("judge") as progress:
            found = judge_all(opened, actor, progress, dry_run=dry_run, today=today())
    done = {"markers": found.markers, "inspections": found.inspections,
            "changed": len(found.changed), "written": found.written,
            "orders": len(found.ordered)}  # fmt: skip
    if as_json:
        say(done | {"ids": list(found.changed)})
    else:
        verb = "changed" if found.written else "would change"
        click.echo(
            f"{found.markers} markers judged from {found.inspections} inspections:"
            f" {len(found.changed)} {verb}, {len(found.ordered)} repair orders opened"
        )


def _say_one(status: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        say(status)
        return
    sentences = {row["code"]: f"{row['zh']} {row['en']}" for row in load_table("status_rules")}
    open_word = "（待定 open）" if status["open"] else ""
    click.echo(f"{status['state']}{open_word}\t{status['condition']}\t{status['verdict']}")
    evidence: list[dict[str, object]] = status["evidence"]  # type: ignore[assignment]
    for one in evidence:
        mark = "+" if one["counts"] else "-"
        click.echo(f"{mark} {one['on']}\t{one['kind']} {one['id']}\t{one['said']}\t{one['rule']}")
    rules: list[str] = status["rules"]  # type: ignore[assignment]
    for rule in rules:
        click.echo(f"{rule}: {sentences[rule]}")
