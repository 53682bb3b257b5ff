"""What can go wrong on the third floor.

OvooError
└── BoundaryError            the third floor's base
    ├── NotLawful            an act lacks what the law or the agreement asks for
    └── WrongState           an act does not fit the state that its record is in
"""

from collections.abc import Sequence

from data.errors import OvooError
from data.reference import cited


class BoundaryError(OvooError):
    """Base of the third floor."""

    code = "boundary-error"


class NotLawful(BoundaryError):
    """An act lacks what the law or the agreement asks for; all that is missing is named at once.

    Args:
        act: the act in words, English then Chinese.
        missing: what is missing, each in English and Chinese.
        article: the rule it stands on, such as "L353 Art 6"; said in each language.
    """

    code = "not-lawful"

    def __init__(
        self, act: tuple[str, str], missing: Sequence[tuple[str, str]], article: str
    ) -> None:
        self.missing = tuple(missing)
        english = "; ".join(one[0] for one in missing)
        chinese = "；".join(one[1] for one in missing)
        super().__init__(
            f"{act[0]} is not possible without: {english} ({cited(article, 'en')})",
            f"{act[1]}缺少必要条件：{chinese}（{cited(article, 'zh')}）",
        )


class WrongState(BoundaryError):
    """An act does not fit the state that its record is in."""

    code = "wrong-state"
