"""A report beside another one, section by section: what was added, removed or changed, in place.

Pure: two typed contents come in, sections with finished words come out. `compare` is the way in.
"""

from governance.comparison.pieces import Cell, Row, Table, words_of
from governance.comparison.sections import Section, compare

__all__ = ["Cell", "Row", "Section", "Table", "compare", "words_of"]
