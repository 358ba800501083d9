"""Stage *read*: ``turtle`` reads curated files with line numbers, ``sssom`` mappings to other databases."""
