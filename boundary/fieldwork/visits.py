"""One visit to one marker as a device tells it: checked whole, and written as a file of one row.

Pure. The file is an inspection file like any other (see `docs/formats.md`), so that what comes from
the field is judged, committed and kept as what comes from the office.
"""

import csv
import hashlib
import io
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

import orjson

from boundary.observations import ObservationRow, Vocabulary
from boundary.observations.rows import parse_observation
from data.errors import Fault, InvalidValue
from data.formats.fields import fields_of
from data.reference import find_term

RADIUS_95_PER_SIGMA: Final = math.sqrt(-2.0 * math.log(0.05))
"""The radius that holds 95 % of a circular normal scatter, in standard deviations of one axis: the
square of the radius over that of sigma has a chi-squared distribution with two degrees of freedom.
A browser states the accuracy of a position as such a radius (W3C Geolocation, `accuracy`)."""

DEVICE_SYSTEM: Final = "WGS84"
"""The system of every position that a browser gives (W3C Geolocation)."""
_DEVICE_METHOD: Final = "phone"
_CLIENT_ID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST_RADIUS_M: Final = 1_000_000.0
_WORDS: Final = {"condition": "conditions", "method": "methods"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What a device says of one visit to one marker.

    Attributes:
        client_id: a UUID in lower case, made once on the device.
        marker_id: the marker.
        observed_at: the moment, ISO 8601 with its zone.
        condition: one of `conditions`, by any of its words.
        round_id: the joint inspection that it belongs to.
        side: the party that the team inspects for, by division code.
        lon, lat: the device's position, degrees of WGS 84.
        accuracy_95_m: the radius around it that the device states, metres; 95 % lie within.
        fixed_at: the moment of the position, ISO 8601 with its zone.
        position: a position as typed, instead of the device's.
        crs: the system of the typed position; the store's own where not said.
        method: how the position was found; `phone` where the device gave it.
        surveyor: who inspected.
        device: what with.
        proof: whether physical proof was found.
        tie1_distance_m, tie2_distance_m, tie3_distance_m: taped to the witness objects, metres.
        remark: anything else.
        photos: the names of its photographs.
    """

    client_id: str
    marker_id: int
    observed_at: str
    condition: str
    round_id: int | None = None
    side: str | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_95_m: float | None = None
    fixed_at: str | None = None
    position: str | None = None
    crs: str | None = None
    method: str | None = None
    surveyor: str | None = None
    device: str | None = None
    proof: bool = False
    tie1_distance_m: float | None = None
    tie2_distance_m: float | None = None
    tie3_distance_m: float | None = None
    remark: str | None = None
    photos: tuple[str, ...] = ()

    @property
    def from_device(self) -> bool:
        """Whether the position is the device's own."""
        return self.lon is not None or self.lat is not None

    @property
    def sigma_m(self) -> float | None:
        """One sigma per axis that follows from the stated radius.

        >>> Visit("", 1, "", "", accuracy_95_m=12.0).sigma_m
        4.902
        """
        if self.accuracy_95_m is None:
            return None
        return round(self.accuracy_95_m / RADIUS_95_PER_SIGMA, 3)

    @property
    def sha256(self) -> str:
        """The hash of what the device said: the register's own words are no part of it."""
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def cells(self, marker_no: str, line_code: str | None) -> dict[str, str]:
        """The visit as the cells of an inspection file, by field; blank ones are left out."""
        typed = {"position": self.position, "crs": self.crs} if self.position else {}
        found = {
            "marker_no": marker_no,
            "line_code": line_code,
            "condition": _word("condition", self.condition),
            "observed_at": self.observed_at,
            "lon": _digits(self.lon),
            "lat": _digits(self.lat),
            **(typed or ({"crs": DEVICE_SYSTEM} if self.from_device else {})),
            "method": _word("method", self.method or (_DEVICE_METHOD if self.from_device else "")),
            "accuracy_m": _digits(self.sigma_m),
            "accuracy_95_m": _digits(self.accuracy_95_m),
            "fixed_at": self.fixed_at,
            "surveyor": self.surveyor,
            "side": self.side,
            "device": self.device,
            "proof": "是" if self.proof else "",
            "tie1_distance": _digits(self.tie1_distance_m),
            "tie2_distance": _digits(self.tie2_distance_m),
            "tie3_distance": _digits(self.tie3_distance_m),
            "remark": self.remark,
            "photo": "；".join(self.photos),
            "client_id": self.client_id,
        }
        return {name: text for name, text in found.items() if text}

    def faults(self, today: date) -> tuple[Fault, ...]:
        """Everything that is wrong with it, by the name of its member.

        Args:
            today: the calendar day in China; what was observed after it is a fault.
        """
        own = [error for error in self._own_faults() if error is not None]
        found = [
            Fault(one.code, None, one.field, str(one.value), one.zh, one.message) for one in own
        ]
        row = ObservationRow(1, self.cells("-", None))
        _, read = parse_observation(row, vocabulary=Vocabulary.default(), today=today)
        told = {one.column for one in found}
        for one in read:
            name = _MEMBERS.get(one.column or "", one.column)
            if name not in told:
                found.append(Fault(one.code, None, name, one.value, one.zh, one.en))
        return tuple(found)

    def _own_faults(self) -> list[InvalidValue | None]:
        return [
            self._client_id_fault(),
            _moment_fault("observed_at", self.observed_at),
            _moment_fault("fixed_at", self.fixed_at) if self.fixed_at else None,
            *(self._device_faults() if self.from_device else ()),
        ]

    def _client_id_fault(self) -> InvalidValue | None:
        if _CLIENT_ID.fullmatch(self.client_id):
            return None
        return InvalidValue(
            "client_id", self.client_id, "it is a UUID in lower case", "make one once and keep it",
            f"client_id“{self.client_id[:40]}”应为小写 UUID，由设备生成一次并一直沿用",
        )  # fmt: skip

    def _device_faults(self) -> list[InvalidValue]:
        found = []
        for name, value, largest in (("lon", self.lon, 180.0), ("lat", self.lat, 90.0)):
            if value is None or not abs(value) <= largest:
                found.append(
                    InvalidValue(
                        name, value, f"it lies between -{largest:g} and {largest:g} degrees",
                        "take the position again", f"“{name}”应在 ±{largest:g}° 之间；请重新定位",
                    )
                )  # fmt: skip
        if self.accuracy_95_m is None or not 0.0 < self.accuracy_95_m <= _LARGEST_RADIUS_M:
            found.append(
                InvalidValue(
                    "accuracy_95_m", self.accuracy_95_m,
                    "a device's position comes with its radius in metres",
                    "take the position again",
                    "设备定位须附带以米为单位的精度半径；请重新定位",
                )
            )  # fmt: skip
        if self.position:
            found.append(
                InvalidValue(
                    "position", self.position,
                    "a visit has one position, the device's or a typed one",
                    "leave one of them out", "设备定位与手工填写的坐标只能保留一个",
                )
            )  # fmt: skip
        return found

    def as_file(self, marker_no: str, line_code: str | None) -> bytes:
        """The visit as an inspection file of one row (CSV, UTF-8, usual Chinese column names).

        The same visit always gives the same bytes.
        """
        cells = self.cells(marker_no, line_code)
        names = {field.name: field.spellings[0] for field in fields_of("inspections")}
        text = io.StringIO()
        csv.writer(text).writerows([[names.get(name, name) for name in cells], cells.values()])
        return text.getvalue().encode("utf-8-sig")


_MEMBERS: Final[Mapping[str, str]] = {
    "accuracy_m": "accuracy_95_m",
    **{f"tie{n}_distance": f"tie{n}_distance_m" for n in (1, 2, 3)},
}
"""Members of a visit by the field of an inspection file that they fill."""


def _word(name: str, text: str) -> str:
    """A code by its usual Chinese word; what is no code stays, to be told as a fault."""
    term = find_term(_WORDS[name], text) if text else None
    return term.zh if term else text


def _digits(value: float | None) -> str:
    """A number as a file holds it, without an exponent."""
    return "" if value is None else f"{value:.9f}".rstrip("0").rstrip(".")


def _moment_fault(name: str, text: str) -> InvalidValue | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None:
        return None
    return InvalidValue(
        name, text, "it is a moment with its zone", "write for example 2026-05-03T10:20:00+08:00",
        f"“{name}”应为带时区的时刻，例如 2026-05-03T10:20:00+08:00",
    )  # fmt: skip
