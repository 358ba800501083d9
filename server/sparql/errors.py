"""Failed queries as HTTP problems: status, headers and machine-readable limits around the sentences of ``kg``."""

from __future__ import annotations

import math
import re
from typing import Any

from kg.engine.interface import base
from kg.engine.interface.messages import formats_for, message_for
from kg.settings import Settings
from server.http.negotiation import not_acceptable
from server.http.problems import Problem


def to_problem(failure: base.QueryError, settings: Settings, timeout: float, requested_format: str) -> Problem:
    """Returns the problem document for a failed query.

    Args:
        failure: what the engine raised.
        settings: for the limits that were in force.
        timeout: time limit of the query in seconds.
        requested_format: value of ``?format=``, or "".
    """
    if isinstance(failure, base.FormatNotAvailableError):
        return not_acceptable(formats_for(failure), requested_format)
    message = message_for(failure, settings, timeout)
    return Problem(
        _status(failure),
        message.title,
        message.detail,
        _headers(failure, timeout),
        **_members(failure, settings, timeout),
    )


def metric_label(failure: base.QueryError) -> str:
    """The ``outcome`` label of a failed query in metrics, such as ``query_timeout``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(failure).__name__.removesuffix("Error")).lower()


def _status(failure: base.QueryError) -> int:
    match failure:
        case base.QuerySyntaxError() | base.QueryRejectedError():
            return 400
        case base.ResultTooLargeError() | base.MemoryLimitError():
            return 422
        case base.ServiceError() | base.RemoteUnavailableError():
            return 502
        case base.QueueFullError() | base.RemoteOverloadedError() | base.RemoteOutOfSyncError():
            return 503
        case base.QueryCancelledError():
            # For the log: nobody reads it.
            return 499
        case base.QueryTimeoutError():
            return 504
        case base.DiskFullError():
            return 507
        case _:
            return 500


def _headers(failure: base.QueryError, timeout: float) -> dict[str, str]:
    match failure:
        case base.QueueFullError(wait=wait):
            return {"Retry-After": str(max(1, math.ceil(wait)))}
        case base.RemoteOverloadedError(retry_after=given) if given:
            return {"Retry-After": given}
        case base.RemoteOverloadedError() | base.RemoteOutOfSyncError():
            # A query that is running now ends within the time limit.
            return {"Retry-After": str(max(1, round(timeout)))}
        case _:
            return {}


def _members(failure: base.QueryError, settings: Settings, timeout: float) -> dict[str, Any]:
    match failure:
        case base.QuerySyntaxError(diagnosis=found):
            return {"line": found.line, "column": found.column, "excerpt": found.excerpt, "hint": found.hint}
        case base.QueryTimeoutError():
            return {"limitSeconds": timeout}
        case base.ResultTooLargeError():
            return {"limitMebibytes": settings.query_result_mib}
        case base.MemoryLimitError():
            return {"limitMebibytes": settings.query_memory_mib}
        case _:
            return {}
