"""Names and divisions in the shapes that others keep them in; whole layers as files (数据交换)."""

from gazetteer.exchange.exporting import (
    Export,
    choose,
    formats_of,
    page_bytes,
    pieces,
    profiles_of,
)
from gazetteer.exchange.within import Within

__all__ = ["Export", "Within", "choose", "formats_of", "page_bytes", "pieces", "profiles_of"]
