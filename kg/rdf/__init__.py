"""RDF terms, formats and serialisation, independent of the engine that runs queries.

``vocabulary`` defines the namespaces, ``formats`` the formats and their media types, ``terms`` the types of result
terms; ``iri`` checks IRIs, ``identifier_patterns`` knows the IRIs of external vocabularies. ``serialise`` writes query
results and graphs, ``jsonld`` streams JSON-LD, ``jsonld_framing`` frames it, ``output_buffer`` spools large results to
disk.
"""
