"""Stage *check*: ``names_and_shapes`` validates curated data, ``catalogue_queries`` the queries of the catalogue.

``curated_triples`` checks each triple and ``mapping_names`` the mappings of tables, before the stage *infer*; both ask
``known_names``. ``canonical_order`` puts properties into canonical order.
"""
