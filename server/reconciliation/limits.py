"""How much one request may ask for; manifest, OpenAPI document and README state these numbers."""

from __future__ import annotations

# Queries of a batch, candidates of a query (and how many there are by default), properties of a query, values of each.
MAX_QUERIES, MAX_CANDIDATES, CANDIDATES, MAX_PROPERTIES, MAX_VALUES = 50, 50, 10, 20, 20
# Entities whose values are read at once.
MAX_ENTITIES = 200
# Characters of a name, an identifier or a value.
MAX_CHARACTERS = 500
# Suggestions on a page, and how far a client may turn the pages.
SUGGESTIONS, MAX_CURSOR = 20, 1000
