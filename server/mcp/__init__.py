"""``vitk mcp``: the graph as tools and resources for agents, over standard input and output.

``server`` binds them to the Model Context Protocol, ``checked_arguments`` checks calls, ``tools`` implements the tools,
``schema_card`` writes the schema in brief, and ``pitfalls.md`` lists common pitfalls.
"""
