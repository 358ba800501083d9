"""Reading SPARQL text: which queries must not run, and what is wrong with those that cannot.

``tokens`` splits a query, ``guard`` rejects what must not run. ``diagnosis`` explains a syntax error, by way of
``engine_errors`` (what the engine reports) and ``syntax_errors`` (common mistakes, by the ``keywords`` of SPARQL);
``unknown_names`` finds names that do not exist in the graph.
"""
