"""Reads requests to an operation: the values of its parameters, and the requested page of results."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from flask import request

from kg.catalogue.catalogue import Value
from kg.reader import query_parameters
from kg.reader.query_parameters import FieldError, InvalidParametersError
from kg.reader.reader import Reader
from server.api import cells
from server.api.operation import Operation, Slice
from server.core.references import reference
from server.core.state import app_state
from server.http.problems import Problem

OWN = ("format", "release")
_PAGING = ("limit", "cursor")
_MAX_CURSOR_LENGTH = 200


def parameter_values(reader: Reader, operation: Operation, in_path: Mapping[str, str]) -> dict[str, Value]:
    """Returns the values of all parameters by name.

    Args:
        reader: the release.
        operation: the requested operation.
        in_path: values of the parameters in the URL path.

    Raises:
        Problem: 400 with every invalid field; 404 if an entity in the path does not exist.
    """
    own = (*OWN, *(_PAGING if operation.page else ()), *((cells.PARAMETER,) if operation.kind == "table" else ()))
    lists = {parameter.name for parameter in operation.parameters if parameter.type == "iris"}
    errors = [
        FieldError(
            name[:60],
            f"{name[:60]} occurs {len(texts)} times. "
            + ("Separate its values by commas." if name in lists else "Give it once."),
        )
        for name, texts in request.args.lists()
        if len(texts) > 1
    ]
    given = {name: text for name, text in request.args.items() if text and name not in own}
    errors += [
        FieldError(name[:60], f"{name[:60]} is empty. Give it a value or omit it.")
        for name, text in request.args.items()
        if not text
    ]
    errors += cells.problem_of_form() if operation.kind == "table" else []
    if repeated := [FieldError(name, f"{name} is in the path already.") for name in given if name in in_path]:
        raise problem(repeated)
    values: dict[str, Value] = {}
    try:
        values = query_parameters.parse_values(reader, operation.parameters, {**given, **in_path})
    except InvalidParametersError as invalid:
        reported = {error.field for error in errors}
        errors += [error for error in invalid.errors if error.field not in reported]
    if errors:
        raise _problem(errors, in_path)
    return values


def requested_slice(release: str, operation: Operation, all_rows: bool) -> Slice:
    """Returns the requested part of the results.

    Args:
        release: id of the release.
        operation: the requested operation; its ``page`` is the default number of results.
        all_rows: whether all results are returned by default, as in a file.

    Raises:
        Problem: 400 for an invalid limit or cursor, 410 for a cursor of another release.
    """
    if not operation.page:
        return Slice()
    limit = request.args.get("limit", "")
    if limit and not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= operation.most):
        detail = f"limit must be a whole number from 1 to {operation.most}, not {limit[:20]!r}."
        raise _problem([FieldError("limit", detail)], {})
    size = int(limit) if limit else None if all_rows else operation.page
    return Slice(_offset(release), size)


def cursor(release: str, offset: int) -> str:
    """Returns a cursor to the results of this request from an offset on; it is bound to request and release."""
    text = f"{release}:{offset}:{_fingerprint()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def problem(errors: Sequence[FieldError], status: int = 400, title: str = "Invalid parameters") -> Problem:
    """Returns the problem that lists the errors field by field."""
    members = [
        {"field": error.field, "detail": error.detail, **({"nearest": list(error.nearest)} if error.nearest else {})}
        for error in errors
    ]
    return Problem(status, title, " ".join(error.detail for error in errors), errors=members)


def _problem(errors: Sequence[FieldError], in_path: Mapping[str, str]) -> Problem:
    if not all(error.field in in_path for error in errors):
        return problem(errors)
    found = problem(errors, 404, "Entity not found")
    reader, urls = app_state().reader, app_state().urls
    near = [reader.vocabulary.expand(curie) for error in errors for curie in error.nearest]
    found.extensions["nearest"] = [reference(one, urls) for one in reader.references([], extra=near).values()]
    return found


def _offset(release: str) -> int:
    text = request.args.get("cursor", "")
    if not text:
        return 0
    parts = _decoded(text).split(":")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 9):
        raise problem([FieldError("cursor", "cursor is not valid. Take it from a link in a response.")])
    bound_to, offset, fingerprint = parts
    if bound_to != release:
        detail = "The cursor belongs to another release. Start again without it, or pin the release."
        raise Problem(410, "Outdated cursor", detail, release=release)
    if fingerprint != _fingerprint():
        raise problem([FieldError("cursor", "cursor belongs to another request. Take it from a link in a response.")])
    return int(offset)


def _decoded(text: str) -> str:
    if len(text) > _MAX_CURSOR_LENGTH or not text.isascii():
        return ""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return ""


def _fingerprint() -> str:
    """Identifies path and parameters of this request, whatever its page and format."""
    given = sorted((name, text) for name, text in request.args.items() if name not in (*OWN, *_PAGING) and text)
    return hashlib.sha256(repr((request.path.partition(".")[0], given)).encode()).hexdigest()[:8]
