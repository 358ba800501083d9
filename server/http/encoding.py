"""Which answers are compressed, and for whom."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.http import parse_accept_header

from server.http.headers import Headers

WORTH_COMPRESSING = 1 << 10


@lru_cache(256)
def accepts_gzip(accepted: str) -> bool:
    """Whether a client that sent this Accept-Encoding takes gzip."""
    qualities = {name.lower(): quality for name, quality in parse_accept_header(accepted)}
    return qualities.get("gzip", qualities.get("*", 0)) > 0


def vary_on_encoding(headers: Headers) -> Headers:
    """The headers, which tell caches on the way that the answer is compressed for some."""
    vary = ", ".join([value for name, value in headers if name == "Vary"])
    if "Accept-Encoding" in vary:
        return headers
    others = [(name, value) for name, value in headers if name != "Vary"]
    return [*others, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]
