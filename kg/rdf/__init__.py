"""RDF terms, formats and serialisation, independent of the engine that runs queries.

``vocabulary`` holds the namespaces, ``formats`` the formats with their media types, ``terms`` the types of a query
result. ``serialise`` writes what the engine does not write itself, ``jsonld`` streams JSON-LD, ``jsonld_framing``
frames it, ``output_buffer`` spools large results to disk.
"""
