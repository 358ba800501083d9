"""Stage *describe*: ``metadata`` (DCAT, PROV), ``partitions`` and ``linksets`` (VoID) of the graph."""
