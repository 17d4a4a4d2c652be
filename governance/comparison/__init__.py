"""A report beside another one, section by section: what was added, removed or changed, in place.

Pure: two typed contents come in, sections with finished words come out. `compare` is the way in for reports,
`compare_documents` for documents.
"""

from governance.comparison.documents import Comparison, DocumentRow, DocumentSection, compare_documents
from governance.comparison.pieces import Cell, Row, Table, words_of
from governance.comparison.sections import Section, compare

__all__ = [
    "Cell",
    "Comparison",
    "DocumentRow",
    "DocumentSection",
    "Row",
    "Section",
    "Table",
    "compare",
    "compare_documents",
    "words_of",
]
