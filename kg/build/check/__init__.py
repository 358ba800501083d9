"""Stage *check*: ``names_and_shapes`` validates curated data, ``catalogue_queries`` the queries of the catalogue.

``canonical_order`` puts properties into canonical order.
"""
