"""The calendar of all lines as CSV, XLSX, ICS and picture. Values in, bytes out."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from boundary.papers import Sheet, workbook
from boundary.papers.figures import font, new_figure, png, spoken
from boundary.rounds.reading import CalendarLine
from data.formats.formulas import guarded

_HEADER = ("界线代码", "界线名称", "级别", "当事方", "上次联检", "轮次", "是否逾期", "应检日期")
_LEVELS = {
    "province": "#0b5394",
    "prefecture": "#38761d",
    "county": "#b45f06",
    "township": "#741b47",
}
_LEVEL_WORDS = {
    "province": ("省级", "province"),
    "prefecture": ("市级", "prefecture"),
    "county": ("县级", "county"),
    "township": ("乡级", "township"),
}


def calendar_rows(lines: Sequence[CalendarLine]) -> list[list[str]]:
    """The calendar as a table: a row for each day on which a line is due, by day."""
    rows = [
        [
            one.code, one.name, _LEVEL_WORDS.get(one.level, (one.level,))[0], one.parties,
            one.last_on.isoformat() if one.last_on else "不详",
            "" if one.last_number is None else str(one.last_number),
            "逾期" if one.overdue and day == one.due[0] else "",
            day.isoformat() if day else "不详：请补录上次联检",
        ]
        for one in lines
        for day in one.due or (None,)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row[7], row[0], row[1]))


def calendar_csv(lines: Sequence[CalendarLine]) -> bytes:
    """The calendar as CSV in UTF-8 with a byte order mark; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for row in calendar_rows(lines):
        writer.writerow(map(guarded, row))
    return text.getvalue().encode("utf-8-sig")


def calendar_xlsx(lines: Sequence[CalendarLine]) -> bytes:
    """The calendar as a workbook."""
    return workbook([Sheet("联检日历", _HEADER, calendar_rows(lines))])


def calendar_ics(lines: Sequence[CalendarLine], made_at: datetime) -> bytes:
    """The calendar as iCalendar (RFC 5545): a day each, the same identity in every export."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//Ovoo//joint inspections//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", "界线联合检查")
    for one in lines:
        for day in one.due:
            event = Event()
            event.add("uid", f"line-{one.line_id}-{day.isoformat()}@ovoo")
            event.add("dtstamp", made_at)
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("summary", f"{one.name} 联合检查到期")
            last = one.last_on.isoformat() if one.last_on else "不详"
            event.add("description", f"{one.code} {one.parties}；上次 {last}；条例第十二条")
            event.add("categories", [one.level])
            event.add("transp", "TRANSPARENT")
            made.add_component(event)
    return bytes(made.to_ical())


def calendar_png(lines: Sequence[CalendarLine], today: date, years: int) -> bytes:
    """The calendar as a picture: how many lines are due in each year, by level."""
    figure, axes = new_figure(8.0, 4.2)
    span = list(range(today.year, today.year + years))
    overdue = spoken("逾期", "overdue")
    places = [overdue, *map(str, span)]
    counted = Counter(
        (overdue if day < today else str(day.year), one.level) for one in lines for day in one.due
    )
    bottoms = [0] * len(places)
    for level, colour in _LEVELS.items():
        heights = [counted[place, level] for place in places]
        if not any(heights):
            continue
        axes.bar(places, heights, bottom=bottoms, color=colour, label=spoken(*_LEVEL_WORDS[level]))
        bottoms = [low + high for low, high in zip(bottoms, heights, strict=True)]
    for place, total in enumerate(bottoms):
        if total:
            axes.annotate(str(total), (place, total), ha="center", va="bottom", **font(fontsize=8))
    unknown = sum(not one.due for one in lines)
    title = spoken("各年应检界线数", "Lines due by year")
    if unknown:
        title += spoken(
            f"（另有 {unknown} 条上次联检不详）", f" ({unknown} more of unknown last round)"
        )
    axes.set_title(title, **font(fontsize=11))
    axes.set_ylabel(spoken("条", "lines"), **font(fontsize=9))
    axes.margins(y=0.12)
    axes.yaxis.get_major_locator().set_params(integer=True)
    for label in axes.get_xticklabels():
        label.set_fontfamily(font()["family"])
        label.set_fontsize(8)
    if any(bottoms):
        axes.legend(prop={"family": font()["family"], "size": 8})
    axes.grid(visible=True, axis="y", color="#d0d7de", linewidth=0.4)
    axes.set_axisbelow(True)
    return png(figure)
