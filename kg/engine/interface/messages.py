"""Words for failed queries: what happened, which limit was hit, what to do.

The server adds a status (``server/sparql/errors.py``); the command line and MCP print the sentences alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.engine.interface import base
from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from kg.settings import Settings

_NARROW = "Use more specific patterns, select fewer variables, or add a LIMIT."


@dataclass(frozen=True)
class Message:
    """A failure in words.

    Args:
        title: the type of failure, in a few words.
        detail: what happened in this case, and what to do, in sentences.
        excerpt: the line of the query with a caret below the error; empty if the query was read.
    """

    title: str
    detail: str
    excerpt: str = ""


def message_for(failure: base.QueryError, settings: Settings, timeout: float) -> Message:
    """Describes a failed query.

    Args:
        failure: the error that the engine raised.
        settings: for the limits that were in force.
        timeout: the time limit of this query, in seconds.
    """
    return _remote(failure, timeout) or _local(failure, settings, timeout)


def _remote(failure: base.QueryError, timeout: float) -> Message | None:
    match failure:
        case base.QueryTimeoutError(is_stopped=False):
            detail = f"The remote endpoint did not respond within {timeout:g} s. It may still be running the query. "
            return Message("Query timed out", detail + _NARROW)
        case base.RemoteOverloadedError():
            return Message("Remote endpoint busy", str(failure))
        case base.ServiceError():
            detail = f"The endpoint called by SERVICE gave no usable response: {failure}. "
            return Message("SERVICE failed", detail + "Use SERVICE SILENT if the query can do without it.")
        case base.RemoteOutOfSyncError():
            return Message("Remote endpoint not ready", str(failure))
        case base.RemoteUnavailableError():
            return Message("No usable response from the remote endpoint", str(failure))
        case _:
            return None


def _local(failure: base.QueryError, settings: Settings, timeout: float) -> Message:
    match failure:
        case base.QuerySyntaxError(diagnosis=found):
            detail = f"Line {found.line}, column {found.column}: {found.message} {found.hint}".rstrip()
            return Message("Syntax error", detail, found.excerpt)
        case base.FormatNotAvailableError():
            names = ", ".join(f"{fmt.name} ({fmt.media_type})" for fmt in formats_for(failure))
            return Message("Format not available", f"Available formats: {names}.")
        case base.QueryRejectedError():
            return Message("Query rejected", str(failure))
        case base.QueryTimeoutError():
            return Message("Query timed out", f"The query took longer than {timeout:g} s and was stopped. {_NARROW}")
        case base.ResultTooLargeError():
            detail = f"The result is larger than {settings.query_result_mib} MiB. {_NARROW} "
            return Message("Result too large", detail + "To fetch it in parts, use ORDER BY and OFFSET.")
        case base.MemoryLimitError():
            detail = f"The query needs more than {settings.query_memory_mib} MiB of memory and was stopped. {_NARROW}"
            return Message("Memory limit exceeded", detail)
        case base.DiskFullError():
            detail = f"The server has too little disk space for this result. {_NARROW}"
            return Message("Disk full", detail)
        case base.QueueFullError():
            return Message("Server busy", "Too many queries are waiting. Try again in a moment.")
        case base.QueryCancelledError():
            return Message("Query cancelled", "The client closed the connection, so the query was stopped.")
        case _:
            detail = "The query engine crashed on this query; other queries are not affected. "
            return Message("Query engine crashed", detail + "Try less nesting or several smaller queries.")


def formats_for(failure: base.FormatNotAvailableError) -> tuple[Format, ...]:
    """Returns the formats in which the result is available."""
    return GRAPH_FORMATS if failure.form == "graph" else RESULT_FORMATS
