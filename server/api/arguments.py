"""What a request to an operation asks: values, and which page of the answer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from flask import request

from kg.catalogue.catalogue import Value
from kg.reader import query_parameters
from kg.reader.query_parameters import FieldError, InvalidParametersError
from server.api.operation import Operation, Slice
from server.core.state import app_state
from server.http.problems import Problem

OWN = ("format", "release")
_PAGING = ("limit", "cursor")
_MAX_CURSOR_LENGTH = 200


def values(operation: Operation, in_path: Mapping[str, str]) -> dict[str, Value]:
    """The values for all parameters.

    Raises:
        Problem: 400 with every wrong field; 404 where what the path names does not exist.
    """
    own = (*OWN, *(_PAGING if operation.page else ()))
    lists = {parameter.name for parameter in operation.parameters if parameter.type == "iris"}
    errors = [
        FieldError(
            name[:60],
            f"{name[:60]} is given {len(given)} times; give it once{', with commas between' if name in lists else ''}.",
        )
        for name, given in request.args.lists()
        if len(given) > 1
    ]
    given = {name: text for name, text in request.args.items() if text and name not in own}
    errors += [
        FieldError(name[:60], f"{name[:60]} is empty; leave it out or give it a value.")
        for name, text in request.args.items()
        if not text
    ]
    if doubled := [FieldError(name, f"{name} stands in the path already.") for name in given if name in in_path]:
        raise problem(doubled)
    found: dict[str, Value] = {}
    try:
        found = query_parameters.parse_values(app_state().reader, operation.parameters, {**given, **in_path})
    except InvalidParametersError as wrong:
        told = {error.field for error in errors}
        errors += [error for error in wrong.errors if error.field not in told]
    if errors:
        raise _problem(errors, in_path)
    return found


def page(operation: Operation, all_rows: bool) -> Slice:
    """Which part of the answer is wanted.

    Args:
        operation: of which ``page`` is the number of results where none is asked for.
        all_rows: whether everything is wanted where no number is asked for, as in a file.

    Raises:
        Problem: 400 for a number or cursor that can't be read, 410 for a cursor of another release.
    """
    if not operation.page:
        return Slice()
    limit = request.args.get("limit", "")
    if limit and not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= operation.most):
        detail = f"limit is a whole number from 1 to {operation.most}; {limit[:20]!r} is not."
        raise _problem([FieldError("limit", detail)], {})
    size = int(limit) if limit else None if all_rows else operation.page
    return Slice(_offset(), size)


def cursor(offset: int) -> str:
    """A cursor that starts at a place of the answer to this request."""
    told = f"{app_state().reader.release.id}:{offset}:{_fingerprint()}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def problem(errors: Sequence[FieldError], status: int = 400, title: str = "Bad parameters") -> Problem:
    """The problem that lists what is wrong, field by field."""
    told = [
        {"field": error.field, "detail": error.detail, **({"nearest": list(error.nearest)} if error.nearest else {})}
        for error in errors
    ]
    return Problem(status, title, " ".join(error.detail for error in errors), errors=told)


def _problem(errors: Sequence[FieldError], in_path: Mapping[str, str]) -> Problem:
    if all(error.field in in_path for error in errors):
        return problem(errors, 404, "No such thing")
    return problem(errors)


def _offset() -> int:
    given = request.args.get("cursor", "")
    if not given:
        return 0
    told = _decoded(given).split(":")
    if len(told) != 3 or not (told[1].isascii() and told[1].isdigit() and len(told[1]) < 9):
        raise problem([FieldError("cursor", "cursor is none that this server gave; take it from a link to a page.")])
    release, offset, fingerprint = told
    if release != app_state().reader.release.id:
        detail = "The cursor is of another release. Start again without it, or pin the release."
        raise Problem(410, "The cursor is of another release", detail, release=app_state().reader.release.id)
    if fingerprint != _fingerprint():
        raise problem([FieldError("cursor", "cursor belongs to another question; take it from a link to a page.")])
    return int(offset)


def _decoded(text: str) -> str:
    if len(text) > _MAX_CURSOR_LENGTH or not text.isascii():
        return ""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return ""


def _fingerprint() -> str:
    """What is asked, whichever page and format of it."""
    given = sorted((name, text) for name, text in request.args.items() if name not in (*OWN, *_PAGING) and text)
    return hashlib.sha256(repr((request.path.partition(".")[0], given)).encode()).hexdigest()[:8]
