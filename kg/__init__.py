"""vitk's knowledge graph: from curated files to query results.

- ``build`` builds a release from curated files (``kg.build.pipeline`` runs the stages in order);
- ``release`` finds, lists and prunes releases;
- ``engine`` runs SPARQL on a release, for trusted and for untrusted queries;
- ``reader`` reads a release for pages and API;
- ``cli`` is the ``vitk`` command.
"""

__version__ = "0.1.0"
