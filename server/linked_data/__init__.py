"""Linked data.

The ``resources`` that have an IRI, the ``routes`` that dereference them, ``signposting`` links and linksets, ``dcat``
and ``schema_org`` descriptions, ``profiles`` to choose between, ``listings`` in ``hydra``, ``fragments`` of
``triple_patterns``, pages of the ``dataset`` and the ``ontology``, files for ``crawlers``.
"""
