"""The life cycle of a server process.

``release_app`` serves one release, ``release_router`` switches to new releases and serves pinned ones, ``warmup`` loads
the graph into memory in the background.
"""
