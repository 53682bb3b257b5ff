"""Books and lists of names, and atlas sheets (标准地名录、地名志、行政区划图集)."""

from gazetteer.volumes.making import ATLAS_FORMATS, atlas_sheet, name_list, name_volume
from gazetteer.volumes.maps import Notice

__all__ = ["ATLAS_FORMATS", "Notice", "atlas_sheet", "name_list", "name_volume"]
