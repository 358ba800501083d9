"""Linked data.

The ``resources`` that have an IRI, the ``routes`` that dereference them, ``signposting`` links and linksets, ``dcat``
and ``schema_org`` descriptions, pages of the ``dataset`` and the ``ontology``, files for ``crawlers``.
"""
