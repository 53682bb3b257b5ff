"""Handing in a report, and asking what became of it."""

import hashlib
import math
import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from data.errors import InvalidValue, NotFound
from data.pictures import read_picture
from data.reference import find_term
from data.store import Store
from data.stored_files import keep_file
from gazetteer.problem_reports.tables import problem_report, problem_reporter
from gazetteer.where import where

RECEIVED: Final = "received"
MOST_TOLD, MOST_CONTACT = 4_000, 400
_PUBLIC: Final = "public"
"""Who acts in the journal: nobody in particular."""
_ABOUT: Final = re.compile(r"(places|divisions|lines|markers|signs|heritage)/[0-9A-Za-z]{1,20}")
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS, _GROUP = 16, 4


@dataclass(frozen=True, slots=True)
class NewReport:
    """What is reported.

    Attributes:
        kind: a code or word of `problem_kinds.csv`.
        told: what is wrong, in the reporter's words.
        about: the record it is on, such as `markers/12`; empty where none.
        place_text: where, in words.
        lon, lat: where, degrees in the store's system; None where not given.
        photo: a picture as it came; None where there is none.
        contact: how to reach the reporter; empty where they do not say.
    """

    kind: str
    told: str
    about: str = ""
    place_text: str = ""
    lon: float | None = None
    lat: float | None = None
    photo: bytes | None = None
    contact: str = ""


def report(store: Store, given: NewReport, today: date) -> str:
    """Take a report; the code that its reporter asks with, which is kept nowhere.

    Raises:
        InvalidValue: a kind, text, record or position is none, or too long.
        InvalidFile, FileTooLarge, UnknownFormat: the picture cannot be read.
    """
    values = _checked(given)
    picture = None if given.photo is None else read_picture(given.photo)
    code = _new_code()
    values |= {"code_hash": _hash(code), "received_on": today, "state": RECEIVED}
    values["division_code"] = _division_of(store, given)
    with store.write(_PUBLIC, "a problem is reported (L753 Art 33)") as transaction:
        if picture is not None:
            values["photo_sha256"] = keep_file(transaction, picture.public)
        identity = transaction.insert(problem_report, values)
        if given.contact.strip():
            transaction.connection.execute(
                insert(problem_reporter).values(report_id=identity, contact=given.contact.strip())
            )
    return code


def _checked(given: NewReport) -> dict[str, Any]:
    kind = find_term("problem_kinds", given.kind)
    if kind is None:
        raise InvalidValue(
            "kind", given.kind, "it is no kind of problem", "choose one of the list",
            "问题类型不在列表中；请选择",
        )  # fmt: skip
    told = given.told.strip()
    if not told or len(told) > MOST_TOLD:
        raise InvalidValue(
            "told", told[:40], f"1 to {MOST_TOLD} characters tell what is wrong", "describe it",
            f"请说明问题，不超过 {MOST_TOLD} 字",
        )  # fmt: skip
    for name, text in (("contact", given.contact), ("place_text", given.place_text)):
        if len(text) > MOST_CONTACT:
            raise InvalidValue(
                name, text[:40], f"at most {MOST_CONTACT} characters", "shorten it",
                f"不超过 {MOST_CONTACT} 字",
            )  # fmt: skip
    if given.about and not _ABOUT.fullmatch(given.about):
        raise InvalidValue(
            "about", given.about[:40], "it names a record such as markers/12", "leave it out",
            "应为记录，如 markers/12；可不填",
        )  # fmt: skip
    return {
        "kind": kind.code,
        "told": told,
        "about": given.about or None,
        "place_text": given.place_text.strip() or None,
        **_position(given),
    }


def _position(given: NewReport) -> dict[str, float | None]:
    pair = (given.lon, given.lat)
    if pair == (None, None):
        return {"lon": None, "lat": None}
    lon, lat = (math.nan if one is None else one for one in pair)
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):  # noqa: PLR2004 - the whole earth
        raise InvalidValue(
            "position", f"{given.lon}, {given.lat}", "both are degrees and go together",
            "give both, such as 111.75 and 40.84, or none",
            "经纬度应同时填写，如 111.75、40.84，或都不填",
        )  # fmt: skip
    return {"lon": lon, "lat": lat}


def _division_of(store: Store, given: NewReport) -> str | None:
    """The smallest division around the position, whose people handle the report."""
    if given.lon is None or given.lat is None:
        return None
    found = where(store, given.lon, given.lat, names=0).located_in
    return found[-1].code if found else None


def _new_code() -> str:
    """A code of 78 bits in groups that people can read out."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def _hash(code: str) -> str:
    """The hash of a code, whatever case and blanks it was typed with."""
    plain = re.sub(r"[\s\-]", "", code).upper()
    return hashlib.sha256(plain.encode()).hexdigest()


def track(connection: Connection, code: str) -> dict[str, Any]:
    """What became of a report, for whoever has its code: kind, days, state, answer.

    Raises:
        NotFound: there is no report of that code.
    """
    columns = ("kind", "received_on", "state", "answer", "closed_on")
    row = (
        connection.execute(
            select(*(problem_report.c[name] for name in columns)).where(
                problem_report.c.code_hash == _hash(code)
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("there is no report of that code", "没有与此查询码对应的反映")
    return {name: row[name] for name in columns}
