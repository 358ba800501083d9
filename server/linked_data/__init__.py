"""Linked data: what has an IRI (``resources``), the ``routes`` that answer for it, ``signposting`` links and linksets,
``dcat`` and ``schema_org`` descriptions, pages of the ``dataset`` and the ``ontology``, files for ``crawlers``."""
