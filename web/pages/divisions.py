"""The page of a division: names, parts, lines, neighbours, figures, changes in time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from boundary import LinesQuery, list_lines
from data import Store
from gazetteer import (
    DIVISIONS,
    PLACES,
    is_counted,
    lexicon_of,
    list_publications,
    summarize_names,
)
from web.pages.small_maps import features_where, small_map
from web.site import told_in, translate
from web.site.drawings import Bar, bars
from web.site.formatting import number

Under = tuple[str, tuple[str, ...]]
"""What is under a division; see `Lexicon.codes_under`."""

_MOST_LINES, _MOST_BARS, _MOST_PARTS = 200, 14, 200


def division_page(
    store: Store, connection: Connection, history: Mapping[str, Any], lang: str, today: date
) -> dict[str, Any]:
    """A code's history with all that its page shows beside it."""
    code = history["code"]
    lexicon = lexicon_of(store, connection)
    children = sorted(lexicon.children.get(code, ()))
    held = [entry for one in children if (entry := lexicon.at(one, None))]
    lines = _border(connection, code, lexicon)
    around = _neighbours(lines, code, lexicon)
    counts = summarize_names(connection, code, today) if _is_counted(connection, history) else None
    names = {one.code: one.name for one in held} | {one["code"]: one["name"] for one in around}
    drawn = [one.code for one in held] or [code, *(one["code"] for one in around)]
    return {
        **history,
        "feature": next(iter(features_where(connection, DIVISIONS, code=code)), None),
        "places": features_where(connection, PLACES, name=history["states"][-1]["name"]),
        "path": [{"code": one.code, "name": one.name} for one in lexicon.path(code)[:-1]],
        "children": [{"code": one.code, "name": one.name, "level": one.level} for one in held],
        "lines": lines,
        "neighbours": around,
        "counts": counts,
        "chart": _chart(counts, lang),
        "publications": list_publications(connection, code),
        "map": small_map(connection, drawn, [code], names, translate("division.map", lang)),
    }


def _is_counted(connection: Connection, history: Mapping[str, Any]) -> bool:
    return bool(history["in_force"]) and is_counted(connection)


def _border(connection: Connection, code: str, lexicon: Any) -> list[dict[str, Any]]:
    """The lines around a division: its own, or those of its parts with parties beyond it."""
    own = _lines(connection, code)
    if own:
        return own
    found: dict[int, dict[str, Any]] = {}
    under = lexicon.codes_under(code)
    waiting = sorted(lexicon.children.get(code, ()))
    for part in waiting:  # grows while it is read, down to the parts that have lines
        lines = _lines(connection, part)
        found |= {line["id"]: line for line in lines if _leaves(line, under)}
        if not lines and len(waiting) < _MOST_PARTS:
            waiting += sorted(lexicon.children.get(part, ()))
    return [found[identity] for identity in sorted(found)]


def _lines(connection: Connection, code: str) -> list[dict[str, Any]]:
    return list_lines(connection, LinesQuery(party=code, limit=_MOST_LINES))


def _parties(line: Mapping[str, Any]) -> list[str]:
    return [line[party] for party in ("party_a", "party_b", "party_c") if line[party]]


def _leaves(line: Mapping[str, Any], under: Under) -> bool:
    """Whether a line has a party beyond a division."""
    return any(not _is_under(party, under) for party in _parties(line))


def _is_under(party: str, under: Under) -> bool:
    digits, others = under
    return party.startswith(digits) or party in others


def _neighbours(lines: list[dict[str, Any]], code: str, lexicon: Any) -> list[dict[str, Any]]:
    """The parties of a division's lines beyond it, each once, in order of code."""
    codes = {party for line in lines for party in _parties(line)}
    under = lexicon.codes_under(code)
    found = []
    for one in sorted(codes):
        if not _is_under(one, under):
            entry = lexicon.at(one, None)
            found.append({"code": one, "name": entry.name if entry else one})
    return found


def _chart(counts: Mapping[str, Any] | None, lang: str) -> Any:
    if not counts or len(counts["by_division"]) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    entries = [
        Bar(one["division"][told_in(lang)], [("bar", one["count"], number(one["count"], lang))],
            number(one["count"], lang))
        for one in counts["by_division"][:_MOST_BARS]
    ]  # fmt: skip
    return bars(entries, translate("division.names_by_part", lang))
