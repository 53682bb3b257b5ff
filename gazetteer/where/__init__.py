"""Where am I (我在哪里): the divisions around a position, the nearest edge and names."""

from gazetteer.search.nearest import NearbyName
from gazetteer.where.areas import Areas, areas_of
from gazetteer.where.engine import parse_position, where, where_in
from gazetteer.where.many import Placed, place_all, where_all
from gazetteer.where.values import Edge, Whereabouts

__all__ = [
    "Areas",
    "Edge",
    "NearbyName",
    "Placed",
    "Whereabouts",
    "areas_of",
    "parse_position",
    "place_all",
    "where",
    "where_all",
    "where_in",
]
