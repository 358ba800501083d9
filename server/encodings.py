"""Which answers are compressed, and for whom."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.http import parse_accept_header

WORTH_COMPRESSING = 1 << 10


@lru_cache(256)
def takes_gzip(accepted: str) -> bool:
    """Whether a client that sent this Accept-Encoding takes gzip."""
    qualities = {name.lower(): quality for name, quality in parse_accept_header(accepted)}
    return qualities.get("gzip", qualities.get("*", 0)) > 0
