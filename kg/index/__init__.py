"""The side index of a release: one SQLite file, read only.

``search`` finds entities by name and text, ``spelling`` suggests names, ``facets`` narrows lists, ``food_ranking``
pages through the amounts of a form, ``backlink_counts`` counts incoming links.
"""
