"""What can go wrong on the second floor.

    DataError
    ├── FaultsFound
    │   └── NameRefused          a naming rule forbids the name; every finding is listed
    └── GazetteerError           the second floor's base
        ├── NoAuthority          no body is stated that decides about a class of names
        ├── WrongStep            a case's state does not allow a step
        ├── OwnCase              who took one step must leave another to somebody else
        ├── MissingPaper         a step needs papers or answers that are not there
        ├── FontsMissing         a map cannot be drawn: fonts are not installed
        ├── SortingEnded         the process that orders the text index has ended
        ├── NotListable          a name does not meet what a protection list wants
        └── ExpertUnfit          an expert may not or cannot judge a case

Messages are written for the person who must act, in English; `zh` holds the same in Chinese.
"""

from collections.abc import Sequence

from data.errors import DataError, Fault, FaultsFound


class GazetteerError(DataError):
    """Base of the second floor."""

    code = "gazetteer-error"


class FontsMissing(GazetteerError):
    """A map cannot be drawn: fonts are not installed.

    Args:
        packages: the Debian packages that bring them.
    """

    code = "fonts-missing"

    def __init__(self, packages: Sequence[str]) -> None:
        listed = " ".join(packages)
        super().__init__(
            f"the fonts of maps are not installed here; install them: apt-get install {listed}",
            f"本机缺少制图字体；请安装：apt-get install {listed}",
        )


class SortingEnded(GazetteerError):
    """The process that puts the terms of the text index in order has ended before its work.

    Args:
        status: what it ended with; negative where a signal ended it.
    """

    code = "sorting-ended"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"the process that orders the text index ended with status {status}, and nothing was"
            " written; where it said nothing before this, memory was short: free some and do it"
            " again",
            f"整理检索索引的进程以状态 {status} 结束，未写入任何内容；若此前没有其他提示，"
            "则为内存不足；请释放内存后重试",
        )


class NameRefused(FaultsFound):
    """A naming rule forbids the name; `faults` holds every finding that blocks.

    Args:
        name: the name.
        faults: the findings.
    """

    code = "name-refused"

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        told = "; ".join(fault.en for fault in faults)
        told_zh = "；".join(fault.zh for fault in faults)
        self.message = f"{name} cannot be approved: {told}"
        self.zh = f"“{name}”不能批准：{told_zh}"
        self.args = (self.message,)


class NoAuthority(GazetteerError):
    """No body is stated that decides about a class of names."""

    code = "no-authority"


class WrongStep(GazetteerError):
    """A case's state does not allow a step."""

    code = "wrong-step"


class OwnCase(GazetteerError):
    """Who took one step of a case must leave another to somebody else."""

    code = "own-case"


class MissingPaper(GazetteerError):
    """A step needs papers or answers that are not there; the sentence lists them all."""

    code = "missing-paper"


class ExpertUnfit(GazetteerError):
    """An expert may not or cannot judge a case: a conflict of interest, or not available."""

    code = "expert-unfit"


class NotListable(GazetteerError):
    """A name does not meet what a protection list wants."""

    code = "not-listable"
