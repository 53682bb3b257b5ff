"""Where am I (我在哪里): the divisions around a position, the nearest edge and names."""

from gazetteer.where.areas import Areas, areas_of
from gazetteer.where.engine import where, where_all
from gazetteer.where.values import Edge, NearbyName, Whereabouts

__all__ = ["Areas", "Edge", "NearbyName", "Whereabouts", "areas_of", "where", "where_all"]
