"""Bringing portfolios in from other people's files: reading, mapping, checking, importing.

Nothing in here knows about reviews or published ratings; what has to happen after an import is called by `governance.imports`.
In reading order: `limits`, `problems`, `text`, `delimited`, `workbook`, `headings`, `reading` (bytes to a table); `values`
(cell to value); `targets`, `columns`, `options` (what a column means); `rows`, `people`, `projects`, `standings`, `quality`,
`plan` (what would happen); `run` (the verbs check and apply); `report` (what is shown and downloaded); `forms`.
"""
