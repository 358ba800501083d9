"""The side index of a release: one read-only SQLite file.

``search`` finds entities by name and text, ``spelling`` suggests names, ``facets`` filters lists, ``food_ranking``
pages through the foods ranked by a form of vitamin K, ``backlink_counts`` counts incoming links.
"""
