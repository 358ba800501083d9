"""vitk's knowledge graph: from curated files to answers.

- ``build`` makes a release from curated files (``kg.build.pipeline`` reads like a recipe);
- ``release`` finds, lists and prunes releases;
- ``engine`` runs SPARQL on a release, for trusted and for untrusted queries;
- ``reader`` answers what pages and API ask;
- ``cli`` is the ``vitk`` command.
"""

__version__ = "0.1.0"
