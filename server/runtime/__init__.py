"""The life of a serving process: ``release_app`` serves one release, ``release_router`` switches to new releases and
serves pinned ones, ``warmup`` loads the graph into memory in the background."""
