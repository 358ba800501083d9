"""Errors, in one shape: RFC 9457 problem documents, as a page for browsers."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

MEDIA_TYPE = "application/problem+json"
# In the environment of a request: what a layer before the application found wrong.
EARLY_ERROR = "vitk.early_error"


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error that the client is told.

    Args:
        status: HTTP status.
        title: what kind of problem it is, in a few words.
        detail: what happened here and what to do.
        extensions: further members of the document.
        headers: further headers of the response.
    """

    def __init__(
        self, status: int, title: str, detail: str, headers: dict[str, str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.headers, self.extensions = headers or {}, extensions

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }


def register(app: Flask) -> None:
    """Lets the app answer every error as a problem."""
    app.register_error_handler(Problem, _respond)
    app.register_error_handler(HTTPException, _from_http)


def _from_http(error: HTTPException) -> Response:
    headers = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return _respond(Problem(error.code or 500, error.name, _what_to_do(error), headers))


def _what_to_do(error: HTTPException) -> str:
    match error:
        case MethodNotAllowed(valid_methods=methods):
            return f"{request.method} is not allowed here; allowed are {', '.join(sorted(methods or ()))}."
        case NotFound():
            root = request.script_root
            found = f"{root}/search finds things by name, {root}/about tells what there is."
            return f"There is nothing at {root}{request.path[:200]}. {found}"
        case RequestEntityTooLarge():
            return (
                f"A request may have at most {current_app.config['MAX_CONTENT_LENGTH']:,} bytes. Send less at a time."
            )
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
    # Programs that would take a page if there is nothing else are told in JSON.
    qualities = {taken.partition(";")[0]: quality for taken, quality in request.accept_mimetypes}
    return 0 < qualities.get("text/html", 0) == max(qualities.values())
