"""The second floor: place names and divisions in time (地名、行政区划).

What is named here is meant for the other floors; everything else is the floor's own.
"""

from gazetteer.categories import category_names
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.finding import Match, division_paths, find_places
from gazetteer.loading import divisions_loader, names_loader, names_of
from gazetteer.tables import division, place, place_name

__all__ = [
    "DIVISIONS",
    "PLACES",
    "Match",
    "category_names",
    "division",
    "division_paths",
    "divisions_loader",
    "find_places",
    "names_loader",
    "names_of",
    "place",
    "place_name",
]
