"""The day of an observation as people and spreadsheets write it."""

import re
from datetime import date, datetime, timedelta, timezone

from data.coordinates import fold
from data.deadlines import day_in_china
from data.errors import InvalidValue

_YMD = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*(?:日|号)?(?P<rest>.*)"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<rest>)")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_TIME = re.compile(
    r"[T\s]*((?P<h>\d{1,2})[:时](?P<mi>\d{2})([:分]\d{2}([.,]\d+)?秒?)?)?"
    r"\s*(?P<zone>Z|(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2}))?"
)
# Spreadsheets count days from here, with the 1900 leap day that never was already allowed for.
_SPREADSHEET_ZERO = date(1899, 12, 30)


def parse_date(field: str, text: str, today: date) -> date:
    """The day a cell means.

    Reads `2024-05-03`, `2024/5/3`, `2024.5.3`, `2024年5月3日`, `20240503`, each with a time behind
    it, and a spreadsheet's serial day (`45415`). A time with its zone is a moment; its day is that
    in China.

    Raises:
        InvalidValue: not such a date, or after `today`.

    Examples:
        >>> parse_date("observed_at", "２０２４年５月３日", date(2025, 1, 1)).isoformat()
        '2024-05-03'
        >>> parse_date("observed_at", "45415", date(2025, 1, 1)).isoformat()
        '2024-05-03'
        >>> parse_date("observed_at", "2024-05-02T20:30:00Z", date(2025, 1, 1)).isoformat()
        '2024-05-03'
    """
    folded = fold(text)
    found = _serial(folded) if _SERIAL.fullmatch(folded) else _calendar(folded)
    if found is None:
        raise InvalidValue(
            field, text, "this is not a date", "write year, month and day: 2024-05-03",
            f"“{text}”不是有效日期；请按年-月-日填写，例如 2024-05-03",
        )  # fmt: skip
    if found > today:
        raise InvalidValue(
            field, text, f"this lies after today ({today.isoformat()})", "check the date",
            f"日期“{text}”晚于今天（{today.isoformat()}）；请核对",
        )  # fmt: skip
    return found


def _serial(text: str) -> date | None:
    return _SPREADSHEET_ZERO + timedelta(days=int(float(text)))


def _calendar(text: str) -> date | None:
    match = _COMPACT.fullmatch(text) or _YMD.fullmatch(text)
    time = _TIME.fullmatch(match["rest"]) if match else None
    if match is None or time is None:
        return None
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        return day if not (time["h"] and time["zone"]) else day_in_china(_moment(day, time))
    except (ValueError, OverflowError):
        return None


def _moment(day: date, time: re.Match[str]) -> datetime:
    away = timedelta(hours=int(time["zh"] or 0), minutes=int(time["zm"] or 0))
    zone = timezone(-away if time["sign"] == "-" else away)
    return datetime(day.year, day.month, day.day, int(time["h"]), int(time["mi"]), tzinfo=zone)
