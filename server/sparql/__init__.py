"""``/sparql``.

The ``endpoint`` and its ``protocol``, the ``fast_path`` for small results, ``errors`` as HTTP problems, the
``service_description``, the ``page`` with the editor and its ``editor_data``.
"""
