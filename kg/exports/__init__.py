"""What a release has, in formats of others.

Propositions with their assessments: ``source`` reads what is said of them, ``va_spec``, ``biolink`` and ``nanopub``
(with ``trusty``) each write one, ``documents`` one document or a file of all, ``kgx`` a graph of nodes and edges.
``tables`` has tables for statistics; ``mappings``, ``obograph`` and ``ro_crate`` write what their names say, and
``publications`` the citation of a study. ``parts`` is the table of what ``vitk export`` writes.
"""
