"""Error responses: problem documents (RFC 9457), or an HTML page for browsers."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

Headers = list[tuple[str, str]]
MEDIA_TYPE = "application/problem+json"
# Key in the WSGI environment: a problem that middleware found, for the application to report.
EARLY_ERROR = "vitk.early_error"


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error to report to the client (RFC 9457).

    Args:
        status: HTTP status code.
        title: the type of problem, in a few words; the same for every occurrence.
        detail: what is wrong with this request, and what to do.
        headers: further headers of the response.
        extensions: extension members of the problem document (RFC 9457, 3.2).
    """

    def __init__(
        self, status: int, title: str, detail: str, headers: dict[str, str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.headers, self.extensions = headers or {}, extensions

    def document(self) -> dict[str, Any]:
        """Returns the members of the problem document (RFC 9457, 3.1), ready for JSON."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }


def unreadable_release(error: Exception) -> Problem:
    """Returns the problem for a pinned release that is there but cannot be read; ``error`` says why."""
    return Problem(503, "Release cannot be read", str(error))


def for_middleware(problem: Problem, headers: Headers) -> tuple[str, Headers, bytes]:
    """Returns status, headers and body of a problem that middleware found after the application had responded.

    Args:
        problem: the problem.
        headers: of the response that it replaces; those that every response has stay.
    """
    body = json.dumps(problem.document(), ensure_ascii=False).encode()
    lasting = ("Vary", "Vitk-Release")
    common = [(name, value) for name, value in headers if name.startswith("Access-Control-") or name in lasting]
    own = [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    return f"{problem.status} {problem.title}", [*common, *own, *problem.headers.items()], body


def register(app: Flask) -> None:
    """Makes an app report every error as a problem."""
    app.register_error_handler(Problem, _respond)
    app.register_error_handler(HTTPException, _from_http)


def _from_http(error: HTTPException) -> Response:
    headers = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return _respond(Problem(error.code or 500, error.name, _what_to_do(error), headers))


def _what_to_do(error: HTTPException) -> str:
    match error:
        case MethodNotAllowed(valid_methods=methods):
            return f"{request.method} is not supported here. Supported: {', '.join(sorted(methods or ()))}."
        case NotFound():
            root = request.script_root
            advice = f"Search by name at {root}/search, or see what vitk contains at {root}/about."
            return f"There is no page at {root}{request.path[:200]}. {advice}"
        case RequestEntityTooLarge():
            return f"The request body exceeds {current_app.config['MAX_CONTENT_LENGTH']:,} bytes. Send less at a time."
        case _:
            return error.description or error.name


def _respond(problem: Problem) -> Response:
    if _for_browser():
        response = make_response(render_template("problem.html", problem=problem), problem.status)
    else:
        body = json.dumps(problem.document(), ensure_ascii=False)
        response = Response(body, problem.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers)
    response.headers.add("Vary", "Accept")
    return response


def _for_browser() -> bool:
    if request.path.startswith("/api/v1/") or "Accept" not in request.headers:
        return False
    # Programs that accept HTML only as a last resort, such as by */*, get JSON.
    qualities = {media_range.partition(";")[0]: quality for media_range, quality in request.accept_mimetypes}
    return 0 < qualities.get("text/html", 0) == max(qualities.values())
