"""The page of one entity or ontology term: ``view`` is the route, ``page_types`` the parts of each type of page."""
