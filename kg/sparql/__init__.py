"""Analysis of SPARQL text: rejects untrusted queries that must not run, and explains those that do not parse.

``tokens`` splits a query into tokens; ``guard`` rejects queries that must not run. ``diagnosis`` explains syntax
errors, using ``engine_errors`` (the engine's own messages) and ``syntax_errors`` (common mistakes, recognised with the
``keywords`` of SPARQL). ``unknown_names`` finds names that do not exist in the graph.
"""
