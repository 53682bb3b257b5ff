"""Positions: parsing what people type, reference systems, datums, epochs, accuracy (坐标).

Pure, but for the operator's datum parameters, which are read from files. Longitude (or
easting) comes before latitude (or northing) everywhere inside; degrees and metres.
"""

from data.coordinates.angles import Angle, parse_angle
from data.coordinates.certain import Reading, as_typed, prefixed_easting, readings
from data.coordinates.datum_parameters import DatumParameters, read_datum_parameters
from data.coordinates.datums import GRS80, IAG75, KRASSOVSKY, Datum, Ellipsoid, named_datum
from data.coordinates.heights import Height, HeightDatum
from data.coordinates.offset_maps import (
    bd09_from_wgs84,
    gcj02_from_wgs84,
    wgs84_from_gcj02,
)
from data.coordinates.operator import operator_parameters, read_parameter_files
from data.coordinates.pairs import TypedPair, read_cells, read_one_cell
from data.coordinates.planes import (
    gauss_kruger_forward,
    gauss_kruger_inverse,
    plane_to_lonlat,
)
from data.coordinates.plate_motion import (
    NORTH_CHINA_POLE,
    RotationPole,
    cgcs2000_from_frame,
    plate_shift_m,
)
from data.coordinates.positions import Position, position_of, typed_pair
from data.coordinates.regions import Region
from data.coordinates.relations import lonlat_between, same_frame
from data.coordinates.residuals import (
    LocalFrame,
    distance_and_bearing,
    earth_centred_m,
    geodetic_from_earth_centred,
)
from data.coordinates.systems import (
    CGCS2000,
    ReferenceSystem,
    meridian_of_zone,
    zone_meridian_near,
)
from data.coordinates.text import decimals_of, fold, parse_metres, plain_number

__all__ = [
    "CGCS2000",
    "GRS80",
    "IAG75",
    "KRASSOVSKY",
    "NORTH_CHINA_POLE",
    "Angle",
    "Datum",
    "DatumParameters",
    "Ellipsoid",
    "Height",
    "HeightDatum",
    "LocalFrame",
    "Position",
    "Reading",
    "ReferenceSystem",
    "Region",
    "RotationPole",
    "TypedPair",
    "as_typed",
    "bd09_from_wgs84",
    "cgcs2000_from_frame",
    "decimals_of",
    "distance_and_bearing",
    "earth_centred_m",
    "fold",
    "gauss_kruger_forward",
    "gauss_kruger_inverse",
    "gcj02_from_wgs84",
    "geodetic_from_earth_centred",
    "lonlat_between",
    "meridian_of_zone",
    "named_datum",
    "operator_parameters",
    "parse_angle",
    "parse_metres",
    "plain_number",
    "plane_to_lonlat",
    "plate_shift_m",
    "position_of",
    "prefixed_easting",
    "read_cells",
    "read_datum_parameters",
    "read_one_cell",
    "read_parameter_files",
    "readings",
    "same_frame",
    "typed_pair",
    "wgs84_from_gcj02",
    "zone_meridian_near",
]
