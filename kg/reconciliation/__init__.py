"""Reconciliation: which entities of a release the rows of somebody's table mean, and what is known of them.

``matching`` proposes entities for a name and properties, ``properties`` reads the values that may be compared or added to
a table, ``identifiers`` writes entities, classes and properties as the short identifiers of the protocol.
"""
