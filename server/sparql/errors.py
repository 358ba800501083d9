"""A stranger's query that has no answer, told as a problem: what happened, which limit was hit, what to do."""

from __future__ import annotations

import re

from kg.engine import base
from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from kg.settings import Settings
from server.http.negotiation import not_acceptable
from server.http.problems import Problem

_NARROW = "Name more of what you look for, ask for fewer variables, or add a LIMIT."


def to_problem(failure: base.QueryError, settings: Settings, timeout: float) -> Problem:
    """The problem that the client is told; ``timeout`` is the one that held for this query."""
    return _remote_problem(failure, timeout) or _engine_problem(failure, settings, timeout)


def _remote_problem(failure: base.QueryError, timeout: float) -> Problem | None:
    match failure:
        case base.QueryTimeoutError(is_stopped=False):
            detail = f"The engine did not answer within {timeout:g} s, and the query was given up; it may go on there. "
            return Problem(504, "The query took too long", detail + _NARROW, limitSeconds=timeout)
        case base.RemoteOverloadedError():
            return Problem(
                503, "Too busy", str(failure), {"Retry-After": failure.retry_after or _retry_after_seconds(timeout)}
            )
        case base.ServiceError():
            detail = (
                f"The endpoint that SERVICE names gives no usable answer: {failure}. With SILENT it may be missing."
            )
            return Problem(502, "No usable answer from SERVICE", detail)
        case base.RemoteOutOfSyncError():
            return Problem(503, "The engine is not ready", str(failure), {"Retry-After": _retry_after_seconds(timeout)})
        case base.RemoteUnavailableError():
            return Problem(502, "No usable answer from the engine", str(failure))
        case _:
            return None


def _engine_problem(failure: base.QueryError, settings: Settings, timeout: float) -> Problem:
    match failure:
        case base.QuerySyntaxError():
            return _malformed(failure)
        case base.FormatNotAvailableError():
            return not_acceptable(GRAPH_FORMATS if failure.form == "graph" else RESULT_FORMATS)
        case base.QueryRejectedError():
            return Problem(400, "The query is not run", str(failure))
        case base.QueryTimeoutError():
            detail = f"The query took longer than {timeout:g} s and was stopped. {_NARROW}"
            return Problem(504, "The query took too long", detail, limitSeconds=timeout)
        case base.ResultTooLargeError():
            limit = settings.query_result_mib
            detail = f"The answer is larger than {limit} MiB. {_NARROW} With OFFSET it can be had in parts."
            return Problem(422, "The answer is too large", detail, limitMebibytes=limit)
        case base.MemoryLimitError():
            limit = settings.query_memory_mib
            detail = f"The query needs more than {limit} MiB of memory and was stopped. {_NARROW}"
            return Problem(422, "The query needs too much memory", detail, limitMebibytes=limit)
        case base.QueueFullError():
            detail = "As many queries wait already as may. Try again in a moment."
            return Problem(503, "Too busy", detail, {"Retry-After": _retry_after_seconds(timeout)})
        case _:
            detail = "The engine broke down on this query; others are not affected. Nest less, or ask in smaller steps."
            return Problem(500, "The query could not be evaluated", detail)


def _retry_after_seconds(timeout: float) -> str:
    return str(max(1, round(timeout)))


def metric_label(failure: base.QueryError) -> str:
    """The ``outcome`` label of a failed query in metrics, such as ``query_timeout``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(failure).__name__.removesuffix("Error")).lower()


def _malformed(failure: base.QuerySyntaxError) -> Problem:
    found = failure.diagnosis
    return Problem(
        400,
        "The query can't be read",
        f"Line {found.line}, column {found.column}: {found.message} {found.hint}".rstrip(),
        line=found.line,
        column=found.column,
        excerpt=found.excerpt,
        hint=found.hint,
    )
