"""``/sparql``.

The ``service``, its two adapters ``endpoint`` and ``fast_path``, the ``protocol``, ``errors`` as HTTP problems, the
``service_description``, the ``page`` with the editor and its ``editor_data``.
"""
