"""Photographs from outside: read in a confined process, re-encoded without what cameras add.

The original is the caller's to keep; what comes back is a copy for the public and what the camera
wrote about time and place.
"""

from data.pictures.picture import MOST_PICTURE_BYTES, MOST_PIXELS, Picture, read_picture

__all__ = ["MOST_PICTURE_BYTES", "MOST_PIXELS", "Picture", "read_picture"]
