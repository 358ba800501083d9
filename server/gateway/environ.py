"""A request of granian's RSGI interface as a WSGI environment (PEP 3333)."""

from __future__ import annotations

import io
import sys
from typing import Any

# Characters of an Accept header that are read; ranges beyond are ignored. Browsers send 150, libraries up to 900, and
# weighing a range takes microseconds.
MAX_ACCEPT = 2 << 10
_ACCEPT = "HTTP_ACCEPT"
# Headers that most requests have: their names need not be computed. Clients choose names, so no cache grows with them.
_KNOWN = (
    "accept accept-encoding accept-language cache-control connection cookie host if-modified-since if-none-match "
    "if-range origin range referer sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user user-agent "
    "te "  # codespell:ignore te
    "upgrade-insecure-requests x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip"
)
_KEYS = {name: "HTTP_" + name.upper().replace("-", "_") for name in _KNOWN.split()} | {
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
}


def environ_of(scope: Any) -> dict[str, Any]:
    """Returns the WSGI environment of a request, with an empty body.

    Args:
        scope: of granian's RSGI interface.
    """
    path, query = scope.path, scope.query_string
    name, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI has bytes as latin-1.
        "PATH_INFO": path if path.isascii() else path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": query if query.isascii() else query.encode("utf-8").decode("latin-1"),
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/" + scope.http_version,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = _KEYS.get(name) or "HTTP_" + name.upper().replace("-", "_")
        environ[key] = value if key not in environ else f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    if len(environ.get(_ACCEPT, "")) > MAX_ACCEPT:
        _shorten_accept(environ)
    return environ


def _shorten_accept(environ: dict[str, Any]) -> None:
    """Cuts the Accept header after the last complete range that is read; without one, the request has no Accept."""
    accept = environ[_ACCEPT][:MAX_ACCEPT].rpartition(",")[0]
    if accept:
        environ[_ACCEPT] = accept
    else:
        del environ[_ACCEPT]
