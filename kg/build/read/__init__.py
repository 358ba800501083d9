"""Stage *read*: ``turtle`` reads curated files, ``sssom`` mappings to other databases.

``turtle_tokens`` says where things are in the text of a file.
"""
