"""Routes of the API, derived from the declarations of its operations and answered by one function."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from kg.catalogue.catalogue import Value
from kg.rdf.formats import ALL_FORMATS, CSV, CSVW, HTML, TSV, Format
from kg.reader.query_parameters import FieldError
from server.api import arguments, html, openapi, responses, row_lists
from server.api.operation import BASE, DescribedOperation, Graph, Operation, OperationResult, Slice
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.negotiation import acceptable, named, not_acceptable
from server.http.problems import Problem

VARY = "Accept, Accept-Encoding"
# Paths of the queries of the catalogue.
CATALOGUE = "/queries/"
# Formats that have all rows, or describe them.
FILES = (CSV.name, TSV.name, CSVW.name)


def register(app: Flask, operations: Sequence[Operation], others: Sequence[DescribedOperation]) -> None:
    """Adds a route for each operation, one with a suffix if it has files, the OpenAPI document and the pages.

    Args:
        app: the application.
        operations: the declared operations.
        others: operations that other packages implement; the document only describes them.
    """
    _register_catalogue(app, [operation for operation in operations if operation.path.startswith(CATALOGUE)])
    for operation in operations:
        if not operation.path.startswith(CATALOGUE):
            rule = BASE + re.sub(r"\{(\w+)\}", r"<\1>", operation.path)
            _add_rules(app, rule, operation, f"api.{operation.id}", partial(respond, operation))
    app.add_url_rule(f"{BASE}/<path:rest>", "api.unknown", _unknown(operations), methods=["GET"])
    openapi.register(app, operations, others)
    html.register(app, operations, others)


def _register_catalogue(app: Flask, operations: Sequence[Operation]) -> None:
    """Adds the routes of all queries together: a rule for each would take longer than anything else at start-up."""
    by_name = {operation.path.removeprefix(CATALOGUE): operation for operation in operations}

    def view(query: str, suffix: str = "") -> Response:
        return respond(by_name[query], suffix)

    alike: dict[tuple[str, ...], list[str]] = {}
    for name, operation in by_name.items():
        alike.setdefault((operation.kind, *_suffixes(operation)), []).append(name)
    for number, names in enumerate(alike.values()):
        one_of = ",".join(f"'{name}'" for name in names)
        _add_rules(app, f"{BASE}{CATALOGUE}<any({one_of}):query>", by_name[names[0]], f"api.query-{number}", view)


def _add_rules(app: Flask, rule: str, operation: Operation, endpoint: str, view: Callable[..., Response]) -> None:
    app.add_url_rule(rule, endpoint, view, methods=["GET"])
    if operation.kind != "results":
        suffixes = ",".join(_suffixes(operation))
        app.add_url_rule(f"{rule}.<any({suffixes}):suffix>", f"{endpoint}.file", view, methods=["GET"])


def _suffixes(operation: Operation) -> list[str]:
    return [fmt.name for fmt in responses.formats(operation)]


def respond(operation: Operation, suffix: str = "", **in_path: str) -> Response:
    """Answers a request to an operation.

    Args:
        operation: the operation.
        suffix: name of the format in the URL, or "".
        in_path: values of the parameters in the URL path.

    Raises:
        Problem: 400 for invalid parameters, 404 for an unknown entity, 406 for a format that is not available, 410 for
            a cursor of another release.
    """
    fmt = _format(operation, suffix)
    if fresh := conditional.not_modified(fmt.content_type):
        return _with_vary(fresh)
    if fmt.name == HTML.name:
        response = html.result_page(operation, in_path)
    else:
        current = app_state()
        values = arguments.parameter_values(current.reader, operation, in_path)
        requested = arguments.requested_slice(current.reader.release.id, operation, all_rows=fmt.name in FILES)
        result = operation.answer(current, values, requested)
        body = _body(current, operation, values, result, requested, fmt)
        response = Response(body, content_type=fmt.content_type)
        if operation.page and not isinstance(result, Graph):
            _add_links(response, responses.links(current, requested, result.total))
        if fmt.name == CSV.name:
            response.headers.add("Link", responses.link_to_description(current))
        if fmt.name in FILES:
            name = operation.path.rpartition("/")[2]
            response.headers["Content-Disposition"] = f'inline; filename="{name}.{fmt.name}"'
    if response.status_code == 200:
        response = conditional.cacheable(response, fmt.content_type)
    return _with_vary(response)


def _body(
    current: AppState,
    operation: Operation,
    values: Mapping[str, Value],
    result: OperationResult,
    requested: Slice,
    fmt: Format,
) -> bytes:
    if fmt.rdf is not None and not isinstance(result, Graph):
        return row_lists.body(current, operation, values, result, requested, fmt)
    return responses.body(current, operation, values, result, requested, fmt)


def _format(operation: Operation, suffix: str) -> Format:
    offered = responses.formats(operation)
    if suffix:
        return next(fmt for fmt in offered if fmt.name == suffix)
    requested = request.args.get("format", "")
    chosen = acceptable(offered)
    if chosen is not None:
        return chosen
    if requested and named(ALL_FORMATS, requested) is None:
        names = tuple(fmt.name for fmt in offered)
        detail = f"format must be one of {', '.join(names)}, not {requested[:40]!r}."
        raise arguments.problem([FieldError("format", detail, names)])
    raise not_acceptable(offered, request.values.get("format", ""))


def _add_links(response: Response, links: dict[str, str]) -> None:
    if header := responses.link_header(links):
        response.headers["Link"] = header


def _with_vary(response: Response) -> Response:
    response.headers["Vary"] = VARY
    return response


def _unknown(operations: Sequence[Operation]) -> Callable[[str], Response]:
    paths = [operation.path for operation in operations]

    def view(rest: str) -> Response:
        # This route answers GET, so an operation for other methods only would look as if it did not exist.
        others = set(current_app.url_map.bind("").allowed_methods(f"{BASE}/{rest}")) - {"GET", "HEAD", "OPTIONS"}
        if others:
            raise MethodNotAllowed([*sorted(others), "OPTIONS"])
        sought = "/" + rest[:100]
        names = [path.rpartition("/")[2] for path in paths]
        near = difflib.get_close_matches(sought, paths, 3, 0.5)
        if len(near) < 3:
            last = sought.rpartition("/")[2].partition(".")[0]
            near += [paths[names.index(name)] for name in difflib.get_close_matches(last, names, 3, 0.5)]
        nearest = list(dict.fromkeys(app_state().urls.api(BASE + path, {}) for path in near))[:3]
        suggestion = (
            f"Similar paths: {', '.join(nearest)}." if nearest else f"All operations: {app_state().urls.api_docs()}."
        )
        raise Problem(404, "No such operation", f"There is no {BASE}/{rest[:80]}. {suggestion}", nearest=nearest)

    return view
