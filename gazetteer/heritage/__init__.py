"""The protection lists of heritage names (地名文化遗产保护名录), L753 Art 24 and 25.

nominate → list → (remove). A name is listed with measures and, where its category has criteria,
with evidence that meets them; the place's flag `heritage` follows.
"""

from gazetteer.heritage.collections import HERITAGE
from gazetteer.heritage.criteria import Evidence, judge, years_between
from gazetteer.heritage.documents import list_document, list_workbook
from gazetteer.heritage.entries import KEEPERS
from gazetteer.heritage.keeping import Visit, add_picture, change, inspect
from gazetteer.heritage.listing import (
    Listing,
    Nomination,
    nominate,
    put_on_list,
    remove_from_list,
)
from gazetteer.heritage.reading import (
    MAX_LIMIT,
    EntryQuery,
    coverage,
    first_pictures,
    list_entries,
    pictures_of_places,
    read_picture_copy,
    show_entry,
)
from gazetteer.heritage.stories import read_story, write_story

__all__ = [
    "HERITAGE",
    "KEEPERS",
    "MAX_LIMIT",
    "EntryQuery",
    "Evidence",
    "Listing",
    "Nomination",
    "Visit",
    "add_picture",
    "change",
    "coverage",
    "first_pictures",
    "inspect",
    "judge",
    "list_document",
    "list_entries",
    "list_workbook",
    "nominate",
    "pictures_of_places",
    "put_on_list",
    "read_picture_copy",
    "read_story",
    "remove_from_list",
    "show_entry",
    "write_story",
    "years_between",
]
