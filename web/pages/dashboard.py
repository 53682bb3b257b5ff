"""The dashboard: figures, and parts that are each a chart, a table and a CSV."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup
from sqlalchemy import Connection

from boundary import LineFacts, repairs_waiting, verdicts_by_year
from data import Store
from gazetteer import is_counted, lexicon_of, summarize_names
from web.pages.lines import VERDICTS
from web.site import told_in, translate
from web.site.drawings import Bar, Column, bars, columns
from web.site.formatting import number

YEARS: Final = 6
_MOST_LINES, _MOST_BARS = 20, 16


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is called, its columns by the keys of their texts, rows, its chart.

    `links` are addresses of the rows' first cells, empty where they have none.
    """

    key: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[str | int]]
    chart: Markup | None = None
    links: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """The part without its chart."""
        names = [head.partition(".")[2] for head in self.heads]
        return {"key": self.key, "rows": [dict(zip(names, row, strict=True)) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Figures as (key, value, address, tone), the parts, and where they are of."""

    figures: Sequence[tuple[str, int, str, str]]
    parts: Sequence[Part]
    within: str | None
    name: str
    path: Sequence[tuple[str, str]]
    divisions: Sequence[tuple[str, str]]


def dashboard(
    store: Store,
    connection: Connection,
    known: Sequence[LineFacts],
    within: str | None,
    lang: str,
    today: date,
) -> Dashboard:
    """The dashboard of a division, or of all.

    Args:
        store: the store as the reader sees it.
        connection: a reading connection.
        known: the lines that the reader sees, with their days within `YEARS`.
        within: a division's code or name; None for all.
        lang: of the words.
        today: the calendar day in China.

    Raises:
        InvalidValue: `within` is no division in force.
    """
    lexicon = lexicon_of(store, connection)
    own = lexicon.resolve(within) if within else None
    code = own.code if own else None
    lines = _touched(known, code, lexicon)
    names = summarize_names(connection, code, today) if is_counted(connection) else None
    parts = _Parts(lexicon, code, lang, today)
    made = [
        parts.markers(lines),
        parts.years(verdicts_by_year(connection) if code is None else {}),
        parts.due(lines),
        parts.classes(names),
        parts.clocks(names),
        parts.risk(lines),
    ]
    return Dashboard(
        figures=_figures(connection, lines, names, code, today),
        parts=[one for one in made if one.rows],
        within=code,
        name=own.name if own else "",
        path=[(one.code, one.name) for one in lexicon.path(code)] if code else [],
        divisions=parts.below(),
    )


def _touched(lines: Sequence[LineFacts], code: str | None, lexicon: Any) -> list[LineFacts]:
    """Those of some lines of which a side lies under a division."""
    if code is None:
        return list(lines)
    digits, others = lexicon.codes_under(code)
    return [
        one
        for one in lines
        if any(party.startswith(digits) or party in others for party in one.parties)
    ]


def _together(lines: Sequence[LineFacts]) -> Counter[str]:
    """How many markers of some lines show what."""
    found: Counter[str] = Counter()
    for one in lines:
        found.update(one.verdicts)
    return found


def _figures(
    connection: Connection,
    lines: Sequence[LineFacts],
    names: Mapping[str, Any] | None,
    code: str | None,
    today: date,
) -> list[tuple[str, int, str, str]]:
    asked = f"?within={code}" if code else ""
    shown = _together(lines)
    overdue = sum(one.overdue for one in lines)
    moved = shown["displaced"] + shown["suspect"]
    found = []
    if names is not None:
        late = sum(one["count"] for one in names["overdue"])
        found = [
            ("places", names["total"]["count"], f"/search{asked}", ""),
            ("clocks_overdue", late, "", "bad" if late else "good"),
        ]
    found += [
        ("lines", len(lines), "/lines", ""),
        ("markers", shown.total(), "/collections/markers/items", ""),
        ("moved", moved, "", "warn" if moved else "good"),
        ("rounds_overdue", overdue, "/rounds/calendar", "warn" if overdue else "good"),
    ]
    if code is None:
        waiting, late = repairs_waiting(connection, today)
        found.append(("repairs", waiting, "/repairs", "bad" if late else ""))
    return found


class _Parts:
    """Makes the parts of one dashboard."""

    def __init__(self, lexicon: Any, code: str | None, lang: str, today: date) -> None:
        self._lexicon, self._code, self._lang, self._today = lexicon, code, lang, today

    def _t(self, key: str) -> str:
        return translate(key, self._lang)

    def below(self) -> list[tuple[str, str]]:
        """The divisions that parts are by: those below, or the division itself."""
        held = [one for one in self._lexicon.entries if one.holds_on(None)]
        if self._code is None:
            return [(one.code, one.name) for one in held if one.level == "prefecture"]
        found = [(one.code, one.name) for one in held if one.parent_code == self._code]
        return found or [(one.code, one.name) for one in held if one.code == self._code]

    def markers(self, lines: Sequence[LineFacts]) -> Part:
        """Markers by what they show, by division; a marker counts for each side of its line."""
        rows: list[list[str | int]] = []
        entries, links = [], []
        for code, name in self.below():
            counted = _together(_touched(lines, code, self._lexicon))
            if not counted.total():
                continue
            rows.append([name, *(counted[word] for word in VERDICTS), counted.total()])
            links.append(f"/dashboard?within={code}")
            parts = [
                (
                    f"mark-fill-{word}",
                    counted[word],
                    f"{self._t(f'verdict.{word}')}: {counted[word]}",
                )
                for word in reversed(VERDICTS)
            ]
            entries.append(Bar(name, parts, number(counted.total(), self._lang)))
        heads = ("property.division", *(f"verdict.{word}" for word in VERDICTS), "property.total")
        chart = bars(entries[:_MOST_BARS], self._t("part.markers")) if entries else None
        return Part("markers", heads, rows, chart, links)

    def years(self, found: Mapping[int, Mapping[str, int]]) -> Part:
        """Verdicts in time."""
        words = [word for word in VERDICTS if word != "never"]
        rows: list[list[str | int]] = [
            [str(year), *(found[year].get(word, 0) for word in words), sum(found[year].values())]
            for year in found
        ]
        entries = [
            Column(
                str(year),
                [
                    (f"mark-fill-{word}", found[year].get(word, 0), self._told(word, found[year]))
                    for word in reversed(words)
                ],
            )
            for year in found
        ]
        heads = ("part.year", *(f"verdict.{word}" for word in words), "property.total")
        chart = columns(entries, self._t("part.verdicts")) if entries else None
        return Part("verdicts", heads, rows, chart)

    def _told(self, word: str, counts: Mapping[str, int]) -> str:
        return f"{self._t(f'verdict.{word}')}: {counts.get(word, 0)}"

    def due(self, lines: Sequence[LineFacts]) -> Part:
        """How many lines are due in each year, those past their day first."""
        counted: Counter[int] = Counter()
        for one in lines:
            days = one.due[1:] if one.overdue else one.due
            counted.update({day.year for day in days if day >= self._today})
        late = sum(one.overdue for one in lines)
        unknown = sum(not one.due for one in lines)
        years = [self._today.year + ahead for ahead in range(YEARS)]
        if not late and not counted:
            return Part("due", (), [])
        rows: list[list[str | int]] = [[self._t("property.overdue"), late]]
        rows += [[str(year), counted[year]] for year in years]
        rows.append([self._t("part.unknown"), unknown])
        entries = [Column(self._t("property.overdue"), [("mark-fill-displaced", late, str(late))])]
        entries += [Column(str(y), [("bar", counted[y], str(counted[y]))]) for y in years]
        return Part(
            "due", ("part.year", "figure.lines"), rows, columns(entries, self._t("part.due"))
        )

    def classes(self, names: Mapping[str, Any] | None) -> Part:
        """Names by class."""
        if names is None:
            return Part("classes", (), [])
        rows = [[one["class"][told_in(self._lang)], one["count"]] for one in names["by_class"]]
        chart = self._bars(rows, "part.classes") if len(rows) > 1 else None
        return Part("classes", ("property.class", "property.count"), rows, chart)

    def _bars(self, rows: Sequence[Sequence[Any]], key: str) -> Markup:
        entries = [
            Bar(
                str(row[0]),
                [("bar", row[1], number(row[1], self._lang))],
                number(row[1], self._lang),
            )
            for row in rows
        ]
        return bars(entries[:_MOST_BARS], self._t(key))

    def clocks(self, names: Mapping[str, Any] | None) -> Part:
        """Legal clocks that have run out."""
        if names is None:
            return Part("clocks", (), [])
        rows = [[one[told_in(self._lang)], one["count"]] for one in names["overdue"]]
        return Part("clocks", ("part.clock", "property.count"), rows)

    def risk(self, lines: Sequence[LineFacts]) -> Part:
        """The lines with most that is wrong."""
        key: Callable[[LineFacts], tuple[int, str]] = lambda one: (-one.risk, one.code)  # noqa: E731
        worst = [one for one in sorted(lines, key=key) if one.risk][:_MOST_LINES]
        rows: list[list[str | int]] = [
            [
                one.name, one.verdicts.get("displaced", 0), one.verdicts.get("suspect", 0),
                one.verdicts.get("resubmit", 0) + one.verdicts.get("cannot_tell", 0), one.markers,
                self._t("value.yes") if one.overdue else self._t("value.no"), one.risk,
            ]
            for one in worst
        ]  # fmt: skip
        heads = (
            "property.line", "verdict.displaced", "verdict.suspect", "part.untold",
            "property.markers", "property.overdue", "part.points",
        )  # fmt: skip
        return Part("risk", heads, rows, None, [f"/lines/{one.id}" for one in worst])
