"""``vitk mcp``: the graph as tools and resources for agents, over standard input and output.

``server/mcp/server.py`` binds them to the protocol; ``tools.py`` is what the tools do, ``card.py`` the schema card,
``traps.md`` what is easily mistaken.
"""
