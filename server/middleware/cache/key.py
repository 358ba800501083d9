"""The key of the response cache: requests with equal keys get the same response."""

from __future__ import annotations

import io
from typing import Any

from server.http.problems import EARLY_ERROR

Key = tuple[str, ...]
_MAX_BODY = 64 << 10


def key_of(environ: dict[str, Any]) -> Key | None:
    """Returns method, URL, Accept and body of a request, or ``None`` if its response is never cached."""
    if EARLY_ERROR in environ or "HTTP_CONTENT_ENCODING" in environ:
        return None
    method, body = environ["REQUEST_METHOD"], ""
    if method in ("POST", "QUERY"):
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) > _MAX_BODY:
            return None
        content = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(content)
        body = environ.get("CONTENT_TYPE", "") + "\n" + content.decode("latin-1")
    elif method == "HEAD":
        method = "GET"
    elif method != "GET":
        return None
    # Responses contain links that depend on scheme, host and path prefix of the request.
    get = environ.get
    place = environ["wsgi.url_scheme"], get("HTTP_HOST", ""), get("SCRIPT_NAME", ""), environ["PATH_INFO"]
    return method, *place, get("QUERY_STRING", ""), get("HTTP_ACCEPT", "*absent*"), body
