"""Pictures of verdicts as SVG and PNG: a batch before and after, a marker through time (图)."""

from boundary.pictures.batch import batch_picture
from boundary.pictures.canvas import PICTURE_FORMATS, PictureFormat
from boundary.pictures.history import MarkerVisit, history_picture

__all__ = [
    "PICTURE_FORMATS",
    "MarkerVisit",
    "PictureFormat",
    "batch_picture",
    "history_picture",
]
