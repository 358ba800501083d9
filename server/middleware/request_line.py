"""Checks the first line and the Host of a request before any cache can see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.http import request_line
from server.http.problems import EARLY_ERROR
from server.http.wsgi_types import Application, StartResponse


class RequestLineMiddleware:
    """Middleware that puts the problem with the request into the WSGI environment, for the application to report."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Checks a request and calls the application."""
        request_line.complete(environ)
        if problem := request_line.problem_in(environ):
            environ[EARLY_ERROR] = problem
        return self._application(environ, start_response)
