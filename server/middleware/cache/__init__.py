"""The response cache: ``middleware`` stores and replays, ``key`` identifies a request, ``entry`` is a stored
response, ``regions`` are the two caches (query results; pages and API)."""
