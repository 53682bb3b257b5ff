"""What can go wrong on the ground floor.

    OvooError                    every error of this program that a person can act on
    └── DataError                the ground floor's base
        ├── InvalidValue         one value is wrong: field, value, rule, way out
        ├── InvalidFile          a file cannot be read: what it is, why, what to do
        │   ├── FileTooLarge     a limit on bytes, rows, cells or unpacked size
        │   └── UnknownFormat    the bytes are none of the formats that are read
        ├── FaultsFound          rows or cells of a file are wrong; all of them are listed
        │   └── NotEditable      values that change in another, lawful way; it is named
        ├── TooMany              more is asked at once than is answered at once
        ├── NotComparable        two positions have no stated relation between their datums
        ├── StoreError           the store cannot be used as asked
        │   ├── StoreNotFound    there is no store at that address
        │   ├── StoreTooNew      a newer program wrote it
        │   ├── StoreBusy        another program holds the write lock
        │   ├── StoreFull        there is no room on its disk
        │   ├── StoreMoved       its file is no longer where it was opened
        │   ├── StoreReadOnly    it takes no writes
        │   ├── StoreUnreachable its server or file does not answer
        │   ├── StoreUnfinished  a move or restore into the store has not been finished
        │   ├── StoresDiffer     two stores do not hold the same
        │   └── StoreDamaged     the file is not a store, or not whole
        ├── TooCostly            a question would read too much
        ├── NotReady             something is still being made; ask again soon
        ├── NotFound             no record with that identity
        ├── SignInRefused        nobody signs in by that name, password and code
        ├── SignInNeeded         who asks must sign in first
        ├── NotCommittable       a submission has nothing that could become a record
        ├── Forbidden            the actor lacks the role for the act
        ├── Conflict             the record has changed since the writer saw it
        │   └── Stale            the record is not at the version that the writer names
        ├── Immutable            a value that the law keeps as it is
        └── BrokenChain          the journal does not prove itself

Messages are written for the person who must act, in English; `zh` holds the same in Chinese
where a surveyor or clerk meets it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

_TELLING: Final = 40
"""So much of a long value tells which it is."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class OvooError(Exception):
    """Base of every error that a person can act on; `code` is stable and documented."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, zh: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.zh = zh or message


class DataError(OvooError):
    """Base of the ground floor."""

    code = "data-error"


class InvalidValue(DataError):
    """One value is wrong.

    Args:
        field: the field's name as its sender knows it.
        value: the value as it was given.
        rule: the rule it breaks, a clause such as "a latitude is between -90 and 90".
        way_out: what to do, an imperative clause.
        zh: the rule and the way out in Chinese; the value stands behind them where they do not
            name it.

    Attributes:
        zh: with the value.
        clauses_zh: as it was given, for who shows the value beside it.

    >>> InvalidValue("lat", "95", "a latitude is within ±90", "correct it", "纬度应在 ±90 以内").zh
    '纬度应在 ±90 以内（所给：95）'
    """

    code = "invalid-value"

    def __init__(self, field: str, value: object, rule: str, way_out: str, zh: str = "") -> None:
        self.field, self.value, self.rule, self.way_out = field, value, rule, way_out
        shown = _CONTROL.sub(lambda found: repr(found[0])[1:-1], self.given)
        told = f"{zh}（所给：{shown}）" if zh and not _names(zh, self.given) else zh
        super().__init__(f"{field} = {_shortened(repr(value))}: {rule}; {way_out}", told)
        self.clauses_zh = zh or self.zh

    @property
    def given(self) -> str:
        """The value as text that any answer can hold, of a line's length at most."""
        text = self.value if isinstance(self.value, str) else repr(self.value)
        return _shortened(text.encode("utf-8", "backslashreplace").decode())


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."  # noqa: PLR2004 - a line's worth


def _names(sentence: str, value: str) -> bool:
    """Whether a sentence names a value as a word of its own, or begins to name a long one.

    A blank one needs no naming.
    """
    ends = r"(?![0-9A-Za-z]|\.[0-9])" if len(value) <= _TELLING else ""
    whole = rf"(?<![0-9A-Za-z.]){re.escape(value[:_TELLING])}{ends}"
    return not value.strip() or re.search(whole, sentence) is not None


class InvalidFile(DataError):
    """A file cannot be read at all; nothing of it was taken."""

    code = "invalid-file"


class FileTooLarge(InvalidFile):
    """A file passes a limit on bytes, rows, cells or unpacked size."""

    code = "file-too-large"


class UnknownFormat(InvalidFile):
    """The bytes are none of the formats that are read."""

    code = "unknown-format"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row or cell of a file.

    `row` counts as a spreadsheet does (the header is row 1; GeoJSON features count from 1);
    None where the fault is of the whole file. `column` is the file's own name for it.
    """

    code: str
    row: int | None
    column: str | None
    value: str
    zh: str
    en: str

    def sentence(self, language: str = "en") -> str:
        """The fault with its place and the value that is wrong, in `zh` or `en`."""
        value = _shortened(self.value)
        if language == "zh":
            place = "".join(
                (
                    f"第 {self.row} 行" if self.row is not None else "",
                    f"“{self.column}”列" if self.column else "",
                    "" if _names(self.zh, value) else f"“{value}”",
                )
            )
            return f"{place}：{self.zh}" if place else self.zh
        parts = []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        if not _names(self.en, value):
            parts.append(repr(value))
        return f"{', '.join(parts)}: {self.en}" if parts else self.en


class FaultsFound(DataError):
    """Rows or cells of a file are wrong; `faults` holds every one of them.

    `beside` is what its report says of the file all the same, such as the columns it has.
    """

    code = "faults-found"

    def __init__(self, faults: Sequence[Fault], beside: Mapping[str, object] | None = None) -> None:
        self.faults = tuple(faults)
        self.beside = dict(beside or {})
        count = len(self.faults)
        super().__init__(
            f"{count} fault{'s' if count != 1 else ''} found; nothing was written",
            f"发现 {count} 处错误；未写入任何内容",
        )


class NotEditable(FaultsFound):
    """Values are not plainly edited; each fault names the lawful way."""

    code = "not-editable"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.message = "; ".join(fault.sentence() for fault in self.faults[:3])
        self.zh = "；".join(fault.sentence("zh") for fault in self.faults[:3])


class TooMany(DataError):
    """More is asked at once than is answered at once; the sentence names the limit."""

    code = "too-many"


class NotComparable(DataError):
    """Two positions have no stated relation between their datums or epochs."""

    code = "not-comparable"


class StoreError(DataError):
    """The store cannot be used as asked."""

    code = "store-error"


class StoreNotFound(StoreError):
    """There is no store at that address."""

    code = "store-not-found"


class StoreTooNew(StoreError):
    """The store was written by a newer program."""

    code = "store-too-new"


class StoreBusy(StoreError):
    """Another program holds the write lock."""

    code = "store-busy"


class StoreDamaged(StoreError):
    """The file is not a store, or not whole."""

    code = "store-damaged"


class StoreFull(StoreError):
    """There is no room on the store's disk; nothing was written."""

    code = "store-full"


class StoreMoved(StoreError):
    """The store's file or its log was moved, replaced or deleted while it was open."""

    code = "store-moved"


class StoreReadOnly(StoreError):
    """The store takes no writes."""

    code = "store-read-only"


class StoreUnreachable(StoreError):
    """The store's server or file does not answer."""

    code = "store-unreachable"


class StoreUnfinished(StoreError):
    """A move or restore into the store has not been finished."""

    code = "store-unfinished"


class StoresDiffer(StoreError):
    """Two stores do not hold the same.

    Args:
        table: the table.
        row: which row in the order of the key, from 1.
        source: the row in the source, as it begins.
        target: the row in the target, as it begins.
    """

    code = "stores-differ"

    def __init__(self, table: str, row: int, source: str, target: str) -> None:
        super().__init__(
            f"row {row} of {table} differs: {source} / {target}",
            f"表 {table} 第 {row} 行不一致：{source} / {target}",
        )
        self.table, self.row = table, row


class TooCostly(DataError):
    """A question would read too much.

    Args:
        limit_s: how long it was let run, seconds.
    """

    code = "too-costly"

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"this question took longer than {limit_s:g} s: narrow it by bbox, or by a property"
            " that the collection lists as a parameter of its own",
            f"此查询超过 {limit_s:g} 秒；请用 bbox 或集合自带的参数缩小范围",
        )


class NotReady(DataError):
    """Something is still being made; ask again soon."""

    code = "not-ready"


class NotFound(DataError):
    """No record has that identity."""

    code = "not-found"


class NotCommittable(DataError):
    """A submission has nothing that could become a record, or was refused."""

    code = "not-committable"


class Forbidden(DataError):
    """The actor lacks the role for the act.

    Args:
        act: the act in words, such as "approve this name".
        roles: the roles of which any would allow it.
        division_code: where; None for what belongs to no division.
    """

    code = "forbidden"

    def __init__(self, act: str, roles: Sequence[str], division_code: str | None) -> None:
        self.act = act
        listed, where = " / ".join(roles), division_code or "every division"
        super().__init__(
            f"to {act} takes the role {listed} in {where}: ask someone who has it",
            f"此操作需要“{listed}”角色（{division_code or '全部区划'}）；请由有权限的人员办理",
        )


class SignInRefused(DataError):
    """Nobody signs in by that name, password and code; which of them is wrong is not told."""

    code = "sign-in-refused"

    def __init__(self) -> None:
        super().__init__(
            "name, password or code is wrong, or the account is locked for a while",
            "账号、密码或动态码不正确，或账号暂时锁定",
        )


class SignInNeeded(DataError):
    """Who asks must sign in first.

    Args:
        act: the act in words, such as "send a file".
    """

    code = "sign-in-needed"

    def __init__(self, act: str) -> None:
        super().__init__(f"to {act}, sign in first", "请先登录")


class Conflict(DataError):
    """The record has changed since the writer saw it."""

    code = "conflict"


class Stale(Conflict):
    """The record is not at the version that the writer names as seen."""

    code = "stale"

    def __init__(self, name: str, identity: int, version: int, seen: Collection[int]) -> None:
        told = " / ".join(map(str, sorted(seen))) or "another record"
        super().__init__(
            f"{name} {identity} is at version {version}, not {told}: read it again and repeat the"
            " change",
            f"{name} {identity} 现为第 {version} 版，您看到的是 {told}；请重新读取后再更改",
        )


class Immutable(DataError):
    """A value that the law keeps as it is."""

    code = "immutable"


class BrokenChain(DataError):
    """The journal does not prove itself; `sequence` names the first broken entry."""

    code = "broken-chain"

    def __init__(self, sequence: int, reason: str, reason_zh: str) -> None:
        super().__init__(
            f"journal entry {sequence} is broken: {reason}",
            f"日志第 {sequence} 条有误：{reason_zh}",
        )
        self.sequence = sequence
