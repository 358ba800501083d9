"""Reconciliation: which entities of a release the rows of somebody's table mean, and what is known of them.

``matching`` proposes entities for a name and properties, ``properties`` reads the values that may be compared or added
to a table, ``types`` lists the types of entities, and ``identifiers`` writes all of them as the protocol does.
"""
