"""`ovoo check-name`: a name held against the naming rules."""

import json
import sys

import click

from data.commands import store_option
from data.reference import cited
from data.store import open_store
from gazetteer import name_check
from gazetteer.following import make_searchable
from gazetteer.name_check import NameQuestion
from gazetteer.rules import CheckedName

_BLOCKED = 4
_WEIGHTS = {"blocks": "禁止", "asks": "需说明", "warns": "提示"}


@click.command("check-name")
@store_option
@click.argument("name")
@click.option("--class", "kind", required=True, help="A class of names or a category.")
@click.option("--in", "division", required=True, help="Code or name of the division it lies in.")
@click.option("--replaces", type=int, help="Id of the place whose name it would replace.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check_name(
    store: str,
    name: str,
    kind: str,
    division: str,
    replaces: int | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Hold NAME against the naming rules; exit code 4 where a rule forbids it."""
    with open_store(store) as opened:
        make_searchable(opened)
        question = NameQuestion(name, kind, division, replaces)
        checked = name_check.check_name(opened, question)
    if as_json:
        click.echo(json.dumps(checked.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(checked)
    if checked.blocked:
        sys.exit(_BLOCKED)


def _print(checked: CheckedName) -> None:
    proposal = checked.proposal
    where = " › ".join(proposal.division_names)
    click.echo(f"{proposal.name}\t{proposal.name_class.zh} {proposal.name_class.en}\t{where}")
    for one in checked.findings:
        weight = f"{_WEIGHTS[one.severity]} {one.severity}"
        click.echo(f"{weight}\t{one.code}\t{cited(one.article, 'zh')}\t{one.zh} — {one.en}")
    if not checked.findings:
        click.echo("未发现问题 no finding")
    for question in checked.manual:
        article = cited(question.article, "zh")
        click.echo(f"人工 manual\t{question.code}\t{article}\t{question.zh} — {question.en}")
