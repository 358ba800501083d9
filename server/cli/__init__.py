"""The command line of the server: ``serve``, ``query`` (with ``push``) and ``mcp``."""
