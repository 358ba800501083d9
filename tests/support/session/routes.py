"""The routes of an application, one for each query of the catalogue, whose rules the router keeps together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask

_NAMES = re.compile(r"<any\(('[^)]*')\):query>")


class Route(NamedTuple):
    """A rule of the router, the names of its parameters, its methods and its endpoint."""

    rule: str
    arguments: frozenset[str]
    methods: frozenset[str]
    endpoint: str


def routes(app: Flask) -> list[Route]:
    """Returns all routes in the order of their rules."""
    return sorted(_routes(app))


def _routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        methods, arguments = frozenset(rule.methods or ()), frozenset(rule.arguments)
        if names := _NAMES.search(rule.rule):
            for name in re.findall(r"'([^']+)'", names[1]):
                path = rule.rule.replace(names[0], name)
                yield Route(path, arguments - {"query"}, methods, rule.endpoint)
        else:
            yield Route(rule.rule, arguments, methods, rule.endpoint)
