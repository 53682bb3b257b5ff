"""The tables of the naming rules as typed rows; an operator replaces any of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.errors import InvalidValue
from data.reference import categories, find_term, load_table
from data.reference.tables import kept

_HAN_FORMS = str.maketrans("（）", "()")


@dataclass(frozen=True, slots=True)
class NameClass:
    """A class of names (地名类别) as the law parts them: who decides, within what they differ.

    Attributes:
        code: stable, such as `street`.
        categories: beginnings of the category codes (GB/T 18521) of its names.
        default: whether names of these categories belong to it unless somebody says otherwise.
    """

    code: str
    zh: str
    en: str
    categories: tuple[str, ...]
    default: bool
    source: str

    @property
    def is_division(self) -> bool:
        """Whether its names are those of divisions."""
        return self.code.startswith("division-")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a locality wants of the size of what has a generic term; None is no bound."""

    generic: str
    name_class: str
    measure: str
    minimum: float | None
    maximum: float | None
    source: str


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of the table `listed_names`: of a leader, a person, a place abroad, a company."""

    name: str
    kind: str
    note: str
    source: str


@kept
def name_classes(folder: Path | None = None) -> Mapping[str, NameClass]:
    """Every class by its code."""
    return {
        row["code"]: NameClass(
            row["code"],
            row["zh"],
            row["en"],
            tuple(row["categories"].split("|")),
            row["default"] == "yes",
            row["source"],
        )
        for row in load_table("name_classes", folder)
    }


def name_class(code: str) -> NameClass:
    """The class of a code.

    Raises:
        InvalidValue: the table has no such class.
    """
    found = name_classes().get(code)
    if found is None:
        known = ", ".join(name_classes())
        raise InvalidValue(
            "class", code, "no class of names has that code", f"give one of {known}",
            f"没有地名类别“{code[:40]}”；可用类别：{known}",
        )  # fmt: skip
    return found


def class_of_category(category_code: str) -> NameClass | None:
    """The class to which names of a category belong unless somebody says otherwise.

    >>> found = class_of_category("23510")
    >>> found.code if found else None
    'street'
    """
    fits = [
        (len(beginning), one)
        for one in name_classes().values()
        if one.default
        for beginning in one.categories
        if category_code.startswith(beginning)
    ]
    return max(fits, key=lambda pair: pair[0])[1] if fits else None


def find_class(text: str) -> tuple[NameClass, str]:
    """The class, and a category code of it, that a person means by a class or a category.

    Args:
        text: a class or a category, by its code or in words: `street`, `街路巷`, `2351`, `桥梁`.

    Raises:
        InvalidValue: neither a class nor a category, or a category of no class.

    >>> found, category = find_class("桥梁")
    >>> found.code, category
    ('transport', '2361')
    """
    term = find_term("name_classes", text)
    if term is not None:
        found = name_classes()[term.code]
        return found, found.categories[0]
    written = text.strip().translate(_HAN_FORMS).lower()
    for category in categories():
        if written in {category.code, category.code5, category.name, category.name_en.lower()}:
            of_category = class_of_category(category.code)
            if of_category:
                return of_category, category.code
    known = "、".join(f"{one.code} {one.zh}" for one in name_classes().values())
    raise InvalidValue(
        "class", text, "neither a class of names nor a category with a class",
        f"give one of {', '.join(name_classes())}, or a category code such as 2351",
        f"“{text[:40]}”不是地名类别，也不是已归类的类别代码；可用类别：{known}",
    )  # fmt: skip


@kept
def generic_fits(folder: Path | None = None) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Beginnings of the categories that a generic term fits, by (kind, term).

    The kind is `word`, or `family` for a word of Mongolian in any spelling, by its family's id.
    """
    return {
        (row["kind"], row["generic"]): tuple(row["categories"].split("|"))
        for row in load_table("generic_fits", folder)
    }


@kept
def thresholds(folder: Path | None = None) -> tuple[Threshold, ...]:
    """The bounds of sizes that localities set."""
    return tuple(
        Threshold(
            row["generic"],
            row["class"],
            row["measure"],
            float(row["minimum"]) if row["minimum"] else None,
            float(row["maximum"]) if row["maximum"] else None,
            row["source"],
        )
        for row in load_table("generic_thresholds", folder)
    )


@kept
def standard_characters(folder: Path | None = None) -> frozenset[str]:
    """The characters that are not rare."""
    return frozenset(
        "".join(row["characters"] for row in load_table("standard_characters", folder))
    )


@kept
def listed_names(folder: Path | None = None) -> Mapping[str, tuple[ListedName, ...]]:
    """Names of the replaceable lists, by kind, the longest first."""
    found: dict[str, list[ListedName]] = {}
    for row in load_table("listed_names", folder):
        one = ListedName(row["name"], row["kind"], row["note"], row["source"])
        found.setdefault(one.kind, []).append(one)
    return {kind: tuple(sorted(all_, key=lambda n: -len(n.name))) for kind, all_ in found.items()}
