"""Stage *read*: ``turtle`` reads curated files, ``sssom`` mappings to other databases.

``turtle_tokens`` splits a file into its statements.
"""
