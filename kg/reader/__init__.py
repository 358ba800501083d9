"""Reads a release for the pages, the API and the command line.

``reader`` runs trusted queries, ``entity`` is one entity with its properties, ``labels`` finds names,
``query_parameters`` checks parameter values and ``invocation`` fills a query of the catalogue with them.
``class_tree``, ``ontology_terms``, ``identifiers`` and ``proteins`` read one aspect each; ``export`` writes the
ontology.
"""
