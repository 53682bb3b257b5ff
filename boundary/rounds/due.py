"""When a line's next joint inspection is due (Order 353, Art 12: every five years). Pure."""

from datetime import date

from data.reference import boundary_rule


def next_due(last_on: date | None, years: int | None = None) -> date | None:
    """The day by which a line is to be inspected again; None where no earlier day is known.

    Args:
        last_on: when the last round was completed, or the line approved.
        years: the interval; the rule `joint_inspection_years` by default.

    >>> next_due(date(2024, 5, 3), 5), next_due(date(2024, 2, 29), 5)
    (datetime.date(2029, 5, 3), datetime.date(2029, 2, 28))
    """
    if last_on is None:
        return None
    interval = int(boundary_rule("joint_inspection_years")) if years is None else years
    try:
        return last_on.replace(year=last_on.year + interval)
    except ValueError:
        return last_on.replace(year=last_on.year + interval, day=28)


def due_days(last_on: date | None, today: date, years_ahead: int) -> list[date]:
    """Every day within some years at which the line falls due, an overdue one first.

    Later ones are counted from the day before them, as if each round were done on its day.
    """
    found = []
    horizon = next_due(today, years_ahead)
    due = next_due(last_on)
    while due is not None and horizon is not None and due < horizon:
        found.append(due)
        due = next_due(max(due, today))
    return found
