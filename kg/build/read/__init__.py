"""Stage *read*: ``turtle`` reads curated files with their line numbers, ``sssom`` identifiers of other databases."""
