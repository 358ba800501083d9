"""The one negotiator: suffix, ``?format=`` or Accept → a format of ``kg.rdf.formats``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.rdf.formats import BY_NAME, Format
from server.http.problems import Problem


def acceptable(offered: Sequence[Format]) -> Format | None:
    """The offered format that the request likes best, or ``None``; the first where it has no wish.

    ``?format=`` overrides Accept.
    """
    return best(tuple(offered), request.values.get("format", ""), request.headers.get("Accept"))


@lru_cache(1024)
def best(offered: tuple[Format, ...], wanted: str, accept: str | None) -> Format | None:
    """As ``acceptable``, for the value of ``?format=`` and an Accept header, ``None`` where there was none."""
    if wanted:
        return next((fmt for fmt in offered if fmt.name == wanted), None)
    if accept is None or not accept.strip():
        return offered[0]
    by_type = {fmt.media_type: fmt for fmt in offered}
    by_type |= {other: fmt for fmt in offered for other in fmt.media_types[1:] if other not in by_type}
    media_type = _without_parameters(accept).best_match(list(by_type))
    return by_type[media_type].answering_as(media_type) if media_type else None


def _without_parameters(accept: str) -> MIMEAccept:
    """What is accepted, less charset, profile and the like: no two formats here differ by these alone."""
    return MIMEAccept(
        [(taken.partition(";")[0], quality) for taken, quality in parse_accept_header(accept, MIMEAccept)]
    )


def negotiate(offered: Sequence[Format]) -> Format:
    """As ``acceptable``, but a request that nothing offered satisfies gets a problem.

    Raises:
        Problem: 400 for an unknown ``?format=``, 406 otherwise, both listing what there is.
    """
    chosen = acceptable(offered)
    if chosen is None:
        raise not_acceptable(offered)
    return chosen


def not_acceptable(offered: Sequence[Format]) -> Problem:
    """The problem that lists what could have been asked for."""
    available = [{"format": fmt.name, "mediaType": fmt.media_type} for fmt in offered]
    names = ", ".join(f"{fmt.name} ({fmt.media_type})" for fmt in offered)
    wanted = request.values.get("format", "")
    if wanted and wanted not in BY_NAME:
        return Problem(
            400, "Unknown format", f"There is no format {wanted[:40]!r} here. There is: {names}.", available=available
        )
    return Problem(406, "Not acceptable", f"This can be had as {names}.", available=available)
