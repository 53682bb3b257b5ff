"""Names that the law wants told apart (重名、同音): pairs of the register, in pages."""

from gazetteer.duplicates.alike import Duplicate, village_of
from gazetteer.duplicates.pages import DuplicatePage, duplicate_page
from gazetteer.duplicates.reading import duplicates

__all__ = ["Duplicate", "DuplicatePage", "duplicate_page", "duplicates", "village_of"]
