"""Checks method, target and Host of a request, which become part of links and of graphs that we write."""

from __future__ import annotations

import re
from typing import Any

from server.http.problems import Problem

_HOST = re.compile(r"(?:[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
_MAX_PORT = 65_535


def is_asterisk(environ: dict[str, Any]) -> bool:
    """Returns whether the request is ``OPTIONS *``, which is about the server as a whole (RFC 9110, 9.3.7)."""
    return bool(environ["REQUEST_METHOD"] == "OPTIONS" and environ["PATH_INFO"] in ("*", "/*"))


def problem_in(environ: dict[str, Any]) -> Problem | None:
    """Returns what is wrong with the first line or the Host of a request, in any version of HTTP, else ``None``."""
    if not _is_host(environ.get("HTTP_HOST", "")):
        detail = "Expected a host name with an optional port, such as example.org:8000."
        return Problem(400, "Invalid Host header", detail)
    if environ["PATH_INFO"][:1] != "/" and not is_asterisk(environ):
        return Problem(400, "Invalid request target", "The path must start with a slash.")
    if not environ["REQUEST_METHOD"].isupper():
        detail = "Methods are case-sensitive (RFC 9110, 9.1); write GET in capital letters."
        return Problem(501, "Unknown method", detail)
    return None


def complete(environ: dict[str, Any]) -> None:
    """Adds the Host that a request in HTTP/1.0 may lack (RFC 9112, 3.3): the address at which it arrived."""
    if not environ.get("HTTP_HOST") and environ["SERVER_PROTOCOL"] in ("HTTP/1", "HTTP/1.0"):
        name, port = environ["SERVER_NAME"], environ["SERVER_PORT"]
        environ["HTTP_HOST"] = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _is_host(host: str) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and int(found.group(1) or 0) <= _MAX_PORT
