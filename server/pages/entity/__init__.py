"""The page of one entity or ontology term.

``view`` is the route, ``context`` what templates receive, ``page_types`` a module for each group of classes,
``time_budget`` leaves out optional sections when time runs out.
"""
