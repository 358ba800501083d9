"""What makes two requests equal, so that the answer to one is that to the other."""

from __future__ import annotations

import io
from typing import Any

from server.http.problems import EARLY_ERROR

Key = tuple[str, ...]
_LARGEST_BODY = 64 << 10


def key_of(environ: dict[str, Any]) -> Key | None:
    """Method, address, Accept and body of a request; ``None`` where its answer is never kept."""
    method, body = environ["REQUEST_METHOD"], ""
    if method in ("POST", "QUERY"):
        length = environ.get("CONTENT_LENGTH") or ""
        if EARLY_ERROR in environ or not length.isdecimal() or int(length) > _LARGEST_BODY:
            return None
        content = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(content)
        body = environ.get("CONTENT_TYPE", "") + "\n" + content.decode("latin-1")
    elif method == "HEAD":
        method = "GET"
    elif method != "GET":
        return None
    # Answers link locally and name the address of the request, so they belong to it.
    get = environ.get
    place = environ["wsgi.url_scheme"], get("HTTP_HOST", ""), get("SCRIPT_NAME", ""), environ["PATH_INFO"]
    return method, *place, get("QUERY_STRING", ""), get("HTTP_ACCEPT", "*absent*"), body
